//! nginx: Basic, API keys and static bearer tokens, each refused unless it is right to the byte.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::authority::Authority;
use crate::clients::{ALICE, User, ZOE};
use crate::installation;
use crate::server::{self, Server, Socket, StartError, or_fail};

const NAME: &str = "nginx";

/// A running nginx. Every location answers any method with 200 and JSON, or with 401:
///
/// | location | wants |
/// | --- | --- |
/// | `/open` | nothing |
/// | `/basic` | Basic credentials of [`Nginx::USERS`]; the answer names the `user` |
/// | `/header-key` | `X-API-Key:` [`Nginx::HEADER_KEY`] |
/// | `/query-key` | `?api_key=` [`Nginx::QUERY_KEY`], percent-encoded; the answer has the whole query as `query` |
/// | `/client-headers` | `X-Client-Id:` [`Nginx::CLIENT_ID`], `X-Client-Secret:` [`Nginx::HEADER_KEY`] |
/// | `/bearer` | `Authorization: Bearer` [`Nginx::BEARER_TOKEN`] |
/// | `/token` | `Authorization: Token token="…"` with [`Nginx::HEADER_KEY`] |
/// | `/certificate` | over TLS only: a client certificate of the [`Authority`]; the answer names its `subject` |
pub struct Nginx {
    /// `http://127.0.0.1:PORT`, or `https:` if it speaks TLS.
    pub base_url: String,
    _server: Server,
}

impl Nginx {
    /// Who may use `/basic`: one plain, one in UTF-8 with a colon in the password, one with an empty password.
    pub const USERS: &[User] = &[ALICE, ZOE, User { username: "api-key-as-username", password: "" }];
    /// The client id of `/client-headers`.
    pub const CLIENT_ID: &str = "client-7f3a";
    /// The key of `/header-key`, and the secret of `/client-headers`.
    pub const HEADER_KEY: &str = "h3ader+key/=%s~100%";
    /// The key of `/query-key`.
    pub const QUERY_KEY: &str = "qu3ry key+/=&?%~ü";
    /// How that must come (RFC 3986: everything that is not unreserved is encoded).
    pub const QUERY_KEY_ENCODED: &str = "qu3ry%20key%2B%2F%3D%26%3F%25~%C3%BC";
    /// The token of `/bearer`.
    pub const BEARER_TOKEN: &str = "b3arer.t0ken-_~+/==";

    /// Starts one.
    ///
    /// # Panics
    /// If it can't be started; the message says why.
    #[must_use]
    #[track_caller]
    pub fn start() -> Self {
        or_fail(Nginx::try_start(None))
    }

    /// Starts one that speaks TLS, and asks for client certificates of `authority`.
    ///
    /// # Panics
    /// If it can't be started; the message says why.
    #[must_use]
    #[track_caller]
    pub fn start_tls(authority: &Authority) -> Self {
        let own = authority.server();
        let tls = format!(
            "ssl_certificate {}; ssl_certificate_key {}; ssl_client_certificate {}; ssl_verify_client optional;",
            own.certificate.display(),
            own.key.display(),
            authority.certificate().display()
        );
        or_fail(Nginx::try_start(Some(&tls)))
    }

    fn try_start(tls: Option<&str>) -> Result<Self, StartError> {
        let mut command = installation::leashed_program(NAME)?;
        let socket = Socket::listen(NAME)?;
        let mut base_url = socket.base_url();
        if tls.is_some() {
            base_url = base_url.replace("http://", "https://");
        }
        let directory = server::folder(NAME)?;
        write_files(directory.path(), socket.port(), tls)?;
        // How nginx hands its sockets to a newer version of itself; here we are the older one.
        command.env("NGINX", "3;");
        command.arg("-p").arg(directory.path()).args(["-e", "stderr", "-c", "nginx.conf"]);
        let server = Server::start_inheriting(NAME, command, socket, directory)?;
        Ok(Nginx { base_url, _server: server })
    }
}

fn write_files(directory: &Path, port: u16, tls: Option<&str>) -> Result<(), StartError> {
    fs::write(directory.join("nginx.conf"), configuration(port, tls)).map_err(StartError::io(NAME))?;
    let mut passwords = String::new();
    for user in Nginx::USERS {
        passwords.push_str(&format!("{}:{}\n", user.username, digest(user.password)?));
    }
    fs::write(directory.join("passwords"), passwords).map_err(StartError::io(NAME))
}

/// As a password file has it: MD5 in Apache's manner.
fn digest(password: &str) -> Result<String, StartError> {
    let output = Command::new(installation::debian_program("openssl")?)
        .args(["passwd", "-apr1", password])
        .output()
        .map_err(StartError::io(NAME))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// `return` comes before the access check where both stand in one location, hence the detour over `@granted`.
fn configuration(port: u16, tls: Option<&str>) -> String {
    format!(
        r#"
daemon off;
user root; # of no effect unless root runs it; its folder is readable for nobody else
worker_processes 1;
pid nginx.pid;
error_log stderr info;
events {{}}
http {{
    access_log off;
    client_body_temp_path client_body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    default_type application/json;

    server {{
        listen 127.0.0.1:{port}{ssl};
        {tls}
        error_page 401 @refused;

        location = /open {{
            return 200 '{{"granted":true}}';
        }}
        location = /basic {{
            auth_basic "authwire";
            auth_basic_user_file passwords;
            try_files /does-not-exist @granted;
        }}
        location = /header-key {{
            if ($http_x_api_key != "{header_key}") {{ return 401; }}
            return 200 '{{"granted":true}}';
        }}
        location = /query-key {{
            if ($arg_api_key != "{query_key}") {{ return 401; }}
            return 200 '{{"granted":true,"query":"$args"}}';
        }}
        location = /client-headers {{
            if ($http_x_client_id != "{client_id}") {{ return 401; }}
            if ($http_x_client_secret != "{header_key}") {{ return 401; }}
            return 200 '{{"granted":true}}';
        }}
        location = /bearer {{
            if ($http_authorization != "Bearer {bearer}") {{ return 401; }}
            return 200 '{{"granted":true}}';
        }}
        location = /certificate {{
            if ($ssl_client_verify != "SUCCESS") {{ return 401; }}
            return 200 '{{"granted":true,"subject":"$ssl_client_s_dn"}}';
        }}
        location = /token {{
            if ($http_authorization != "Token token=\"{header_key}\"") {{ return 401; }}
            return 200 '{{"granted":true}}';
        }}
        location @granted {{
            return 200 '{{"granted":true,"user":"$remote_user"}}';
        }}
        location @refused {{
            return 401 '{{"granted":false}}';
        }}
    }}
}}
"#,
        ssl = if tls.is_some() { " ssl" } else { "" },
        tls = tls.unwrap_or_default(),
        header_key = Nginx::HEADER_KEY,
        query_key = Nginx::QUERY_KEY_ENCODED,
        client_id = Nginx::CLIENT_ID,
        bearer = Nginx::BEARER_TOKEN,
    )
}
