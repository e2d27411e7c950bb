//! HAProxy: verifies JWTs that come as bearer tokens.

use std::fs;
use std::path::Path;

use crate::installation;
use crate::keys::SigningKeys;
use crate::server::{self, Server, Socket, StartError, or_fail};

const NAME: &str = "haproxy";

/// A running HAProxy. It answers 200 and `{"subject", "algorithm"}` to a JWT that is signed by one of its keys with
/// HS256, RS256 or ES256, not expired, issued by [`Haproxy::ISSUER`] and meant for [`Haproxy::AUDIENCE`]; else 401.
pub struct Haproxy {
    /// `http://127.0.0.1:PORT`; any path will do.
    pub base_url: String,
    _server: Server,
}

impl Haproxy {
    /// The only `iss` that it takes.
    pub const ISSUER: &str = "authwire-tests";
    /// The only `aud` that it takes.
    pub const AUDIENCE: &str = "haproxy";

    /// Starts one that believes these keys.
    ///
    /// # Panics
    /// If it can't be started; the message says why.
    #[must_use]
    #[track_caller]
    pub fn start(keys: &SigningKeys) -> Self {
        or_fail(Haproxy::try_start(keys))
    }

    fn try_start(keys: &SigningKeys) -> Result<Self, StartError> {
        let mut command = installation::leashed_program(NAME)?;
        let socket = Socket::listen(NAME)?;
        let base_url = socket.base_url();
        let directory = server::folder(NAME)?;
        let write = |name: &str, text: &str| {
            fs::write(directory.path().join(name), text).map_err(StartError::io(NAME))
        };
        write("rs256.pem", &keys.rs256.public)?;
        write("es256.pem", &keys.es256.public)?;
        write("haproxy.cfg", &configuration(directory.path(), &keys.hs256))?;
        // -db: in the foreground.
        command.arg("-db").arg("-f").arg(directory.path().join("haproxy.cfg"));
        let server = Server::start_inheriting(NAME, command, socket, directory)?;
        Ok(Haproxy { base_url, _server: server })
    }
}

fn configuration(directory: &Path, secret: &str) -> String {
    let refuse =
        "http-request return status 401 content-type application/json string {} hdr WWW-Authenticate Bearer";
    format!(
        r#"
defaults
    mode http
    timeout client 30s
    timeout connect 30s
    timeout server 30s

frontend api
    bind fd@3
    http-request set-var(txn.alg) http_auth_bearer,jwt_header_query('$.alg')
    http-request set-var(txn.iss) http_auth_bearer,jwt_payload_query('$.iss')
    http-request set-var(txn.aud) http_auth_bearer,jwt_payload_query('$.aud')
    http-request set-var(txn.sub) http_auth_bearer,jwt_payload_query('$.sub')
    http-request set-var(txn.exp) http_auth_bearer,jwt_payload_query('$.exp','int')
    http-request set-var(txn.now) date()

    acl hs256 var(txn.alg) -m str HS256
    acl rs256 var(txn.alg) -m str RS256
    acl es256 var(txn.alg) -m str ES256
    acl hs256_signed http_auth_bearer,jwt_verify(txn.alg,"{secret}") -m int 1
    acl rs256_signed http_auth_bearer,jwt_verify(txn.alg,"{directory}/rs256.pem") -m int 1
    acl es256_signed http_auth_bearer,jwt_verify(txn.alg,"{directory}/es256.pem") -m int 1

    {refuse} unless hs256 hs256_signed or rs256 rs256_signed or es256 es256_signed
    {refuse} unless {{ var(txn.iss) -m str {issuer} }} {{ var(txn.aud) -m str {audience} }}
    {refuse} unless {{ var(txn.exp),sub(txn.now) -m int gt 0 }}
    http-request return status 200 content-type application/json lf-string "{answer}"
"#,
        directory = directory.display(),
        issuer = Haproxy::ISSUER,
        audience = Haproxy::AUDIENCE,
        answer = r#"{\"subject\":\"%[var(txn.sub),json]\",\"algorithm\":\"%[var(txn.alg)]\"}"#,
    )
}
