//! A certification authority of one test: OpenSSL issues, for servers at 127.0.0.1 and for clients.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::installation;
use crate::server::{self, StartError, or_fail};

const NAME: &str = "openssl";

/// An authority, with a folder for what it issued. All of it is PEM, but for PKCS#12.
pub struct Authority {
    folder: TempDir,
}

/// A certificate with its key, as files.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The certificate.
    pub certificate: PathBuf,
    /// Its private key (PKCS#8).
    pub key: PathBuf,
}

impl Certificate {
    /// Certificate and key, as texts.
    ///
    /// # Panics
    /// If they cannot be read.
    #[must_use]
    pub fn texts(&self) -> (String, String) {
        let read = |path: &Path| fs::read_to_string(path).unwrap_or_else(|error| panic!("{error}"));
        (read(&self.certificate), read(&self.key))
    }
}

impl Authority {
    /// A new one.
    ///
    /// # Panics
    /// If OpenSSL can't; the message says why.
    #[must_use]
    #[track_caller]
    pub fn new() -> Self {
        or_fail(Authority::try_new())
    }

    fn try_new() -> Result<Self, StartError> {
        let authority = Authority { folder: server::folder(NAME)? };
        authority.openssl(&[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=Authwire Test CA",
            "-keyout",
            "ca.key",
            "-out",
            "ca.pem",
        ])?;
        Ok(authority)
    }

    /// Its own certificate.
    #[must_use]
    pub fn certificate(&self) -> PathBuf {
        self.path("ca.pem")
    }

    /// Where a file of its folder is.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A certificate for a server at 127.0.0.1 and `localhost`.
    ///
    /// # Panics
    /// If OpenSSL can't.
    #[must_use]
    #[track_caller]
    pub fn server(&self) -> Certificate {
        let extensions = "subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth\n";
        or_fail(self.issue("server", &["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], extensions))
    }

    /// A certificate for the client `name`, with an RSA key.
    ///
    /// # Panics
    /// If OpenSSL can't.
    #[must_use]
    #[track_caller]
    pub fn client(&self, name: &str) -> Certificate {
        or_fail(self.issue(name, &["rsa:2048"], "extendedKeyUsage=clientAuth\n"))
    }

    /// The same with an EC key.
    ///
    /// # Panics
    /// If OpenSSL can't.
    #[must_use]
    #[track_caller]
    pub fn ec_client(&self, name: &str) -> Certificate {
        let key = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
        or_fail(self.issue(name, &key, "extendedKeyUsage=clientAuth\n"))
    }

    /// The same in PKCS#12, locked with `passphrase`; `old`: with the algorithms of the last century.
    ///
    /// # Panics
    /// If OpenSSL can't.
    #[must_use]
    #[track_caller]
    pub fn pkcs12(&self, name: &str, passphrase: &str, old: bool) -> PathBuf {
        let (key, certificate, out) = (format!("{name}.key"), format!("{name}.pem"), format!("{name}.p12"));
        let pass = format!("pass:{passphrase}");
        let mut arguments = vec![
            "pkcs12",
            "-export",
            "-inkey",
            &key,
            "-in",
            &certificate,
            "-certfile",
            "ca.pem",
            "-passout",
            &pass,
            "-out",
            &out,
        ];
        if old {
            arguments.extend(["-legacy"]);
        }
        or_fail(self.openssl(&arguments));
        self.path(&out)
    }

    /// The key of `name`, encrypted with `passphrase` (PKCS#8).
    ///
    /// # Panics
    /// If OpenSSL can't.
    #[must_use]
    #[track_caller]
    pub fn encrypted_key(&self, name: &str, passphrase: &str) -> PathBuf {
        let (key, out) = (format!("{name}.key"), format!("{name}.encrypted.key"));
        let pass = format!("pass:{passphrase}");
        or_fail(self.openssl(&["pkcs8", "-topk8", "-in", &key, "-passout", &pass, "-out", &out]));
        self.path(&out)
    }

    fn issue(&self, name: &str, key: &[&str], extensions: &str) -> Result<Certificate, StartError> {
        let file = |ending: &str| format!("{name}.{ending}");
        let (key_file, request, certificate, options) = (file("key"), file("csr"), file("pem"), file("cnf"));
        fs::write(self.path(&options), extensions).map_err(StartError::io(NAME))?;
        let subject = format!("/CN={name}");
        let mut arguments = vec!["req", "-new", "-nodes", "-newkey"];
        arguments.extend(key);
        arguments.extend(["-subj", &subject, "-keyout", &key_file, "-out", &request]);
        self.openssl(&arguments)?;
        self.openssl(&[
            "x509",
            "-req",
            "-in",
            &request,
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
            "-CAcreateserial",
            "-days",
            "2",
            "-extfile",
            &options,
            "-out",
            &certificate,
        ])?;
        Ok(Certificate { certificate: self.path(&certificate), key: self.path(&key_file) })
    }

    fn openssl(&self, arguments: &[&str]) -> Result<(), StartError> {
        let output = Command::new(installation::debian_program(NAME)?)
            .current_dir(self.folder.path())
            .args(arguments)
            .output()
            .map_err(StartError::io(NAME))?;
        if output.status.success() {
            return Ok(());
        }
        let reason = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(StartError::Io { server: NAME, source: std::io::Error::other(reason) })
    }
}

impl Default for Authority {
    fn default() -> Self {
        Authority::new()
    }
}
