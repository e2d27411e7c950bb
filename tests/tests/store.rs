//! The store under what it is for: many processes, one rotating refresh token, and kills at any point.
//!
//! The counts are those of a short run. `AUTHWIRE_SECONDS=60 AUTHWIRE_KILLS=500 cargo nextest run -p authwire-tests --test
//! store --no-capture` makes them those of a long one, and shows them.

mod program;

use std::env;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use authwire_tests::clients::{self, Client};
use authwire_tests::program::Run;
use authwire_tests::{Oidc, Postgres, Settings};
use serde_json::json;

use program::Folder;

const CLIENT: Client = clients::ROTATING;
const CALL: &[&str] = &["call", "connector.json", "GET", "/api/whoami"];

fn count(variable: &str, short: u64) -> u64 {
    env::var(variable)
        .map_or(short, |text| text.parse().unwrap_or_else(|_| panic!("{variable} is no number")))
}

/// A connector whose refresh token is spent with each use.
fn rotating(oidc: &Oidc) -> Folder {
    Folder::with(&json!({
        "name": "rotating",
        "base_url": oidc.base_url,
        "auth_config": {
            "type": "oauth2_refresh_token",
            "client_id": CLIENT.id,
            "client_secret": {"env": "SECRET"},
            "refresh_token": {"env": "REFRESH_TOKEN"},
            "token_url": oidc.token_url,
            "client_authentication": "basic",
        },
    }))
}

/// Where the processes keep the refresh token.
enum Kept {
    /// In a file that they share.
    InFile,
    /// On a server that they share: a URL, and the master key.
    OnServer { _server: Postgres, url: String },
}

impl Kept {
    fn on_server() -> Self {
        let server = Postgres::start();
        let url = server.url();
        Self::OnServer { _server: server, url }
    }

    /// How long a token lives: a process that goes to a server takes longer, and is not to end after its token.
    fn lifetime(&self) -> Duration {
        match self {
            Self::InFile => Duration::from_secs(1),
            Self::OnServer { .. } => Duration::from_secs(2),
        }
    }

    fn environment<'e>(&'e self, refresh_token: &'e str) -> Vec<(&'e str, &'e str)> {
        let secret = CLIENT.secret.expect("a confidential client");
        let mut environment = vec![("SECRET", secret), ("REFRESH_TOKEN", refresh_token)];
        if let Self::OnServer { url, .. } = self {
            environment.extend([("AUTHWIRE_STORE", url.as_str()), ("AUTHWIRE_KEY", KEY)]);
        }
        environment
    }
}

/// A master key that all of them know.
const KEY: &str = "+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s=";

fn granted(oidc: &Oidc) -> u64 {
    oidc.journal.counts().token_requests_by_status.get(&200).copied().unwrap_or_default()
}

#[test]
fn twenty_processes_never_present_what_another_spends() {
    twenty_processes(&Kept::InFile);
}

#[test]
fn twenty_processes_never_present_what_another_spends_where_a_server_keeps_it() {
    twenty_processes(&Kept::on_server());
}

fn twenty_processes(kept: &Kept) {
    let oidc = Oidc::start_with(&Settings {
        access_token_lifetime: kept.lifetime(),
        token_delay: Duration::from_millis(20),
        ..Settings::default()
    });
    let folder = rotating(&oidc);
    let refresh_token = oidc.refresh_token(&CLIENT, &clients::ALICE);
    let environment = kept.environment(&refresh_token);
    let until = Instant::now() + Duration::from_secs(count("AUTHWIRE_SECONDS", 5));
    let (calls, failed) = thread::scope(|scope| {
        let callers: Vec<_> = (0..20)
            .map(|_| {
                scope.spawn(|| {
                    let (mut calls, mut failed) = (0, Vec::new());
                    while Instant::now() < until {
                        let run = folder.run(&environment, CALL);
                        calls += 1;
                        if run.status != Some(0) {
                            failed.push(run);
                        }
                    }
                    (calls, failed)
                })
            })
            .collect();
        let done = callers.into_iter().map(|caller| caller.join().expect("no panic"));
        done.fold((0, Vec::new()), |(calls, mut failed), (more, mut others)| {
            failed.append(&mut others);
            (calls + more, failed)
        })
    });
    let requests = oidc.journal.token_requests();
    let refused: Vec<_> = requests.iter().filter(|request| request.status != 200).collect();
    println!(
        "{calls} calls, {} failed; {} token requests, {} refused",
        failed.len(),
        requests.len(),
        refused.len()
    );
    assert!(failed.is_empty(), "{} of {calls} calls failed, the first: {:?}", failed.len(), failed.first());
    assert!(refused.is_empty(), "{refused:?}");
    assert_eq!(oidc.journal.counts().token_requests_at_once.get(CLIENT.id), Some(&1));
    assert!(requests.len() >= 2, "the token never expired: {}", requests.len());
}

#[test]
fn a_kill_at_any_point_of_a_rotation_needs_no_person() {
    kills_of_a_rotation(&Kept::InFile);
}

#[test]
fn a_kill_at_any_point_of_a_rotation_needs_no_person_where_a_server_keeps_it() {
    kills_of_a_rotation(&Kept::on_server());
}

fn kills_of_a_rotation(kept: &Kept) {
    let kills = count("AUTHWIRE_KILLS", 25);
    let oidc = Oidc::start_with(&Settings { token_delay: Duration::from_millis(10), ..Settings::default() });
    let folder = rotating(&oidc);
    let mut refresh_token = oidc.refresh_token(&CLIENT, &clients::ALICE);
    assert_eq!(folder.run(&kept.environment(&refresh_token), CALL).status, Some(0));
    oidc.revoke_access_tokens();
    let start = Instant::now();
    assert_eq!(folder.run(&kept.environment(&refresh_token), CALL).status, Some(0));
    // from before the program does anything until after it is done
    let longest = start.elapsed().mul_f64(1.2);
    let (mut killed, mut lost) = (0, 0);
    for number in 0..kills {
        // the token of the store looks good, is refused, and is renewed
        oidc.revoke_access_tokens();
        let before = granted(&oidc);
        let environment_now = kept.environment(&refresh_token);
        let mut child = folder
            .command(&environment_now, CALL)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("authwire starts");
        // every part of its time has its turn
        thread::sleep(longest.mul_f64(f64::from(u32::try_from(number * 7 % 25).unwrap_or_default()) / 25.0));
        child.kill().expect("a signal");
        killed += u64::from(child.wait().expect("its end").code().is_none());
        // the server may still be about to answer what the dead process asked
        thread::sleep(Duration::from_millis(50));
        let granted_to_the_dead = granted(&oidc) > before;
        let run = folder.run(&environment_now, CALL);
        if run.status == Some(0) {
            continue;
        }
        // the window that the protocol leaves: the server rotated, and its answer died with who asked
        assert!(granted_to_the_dead && is_reauth(&run), "kill {number} of {kills}: {run:?}");
        lost += 1;
        refresh_token = oidc.refresh_token(&CLIENT, &clients::ALICE);
        assert_eq!(
            folder.run(&kept.environment(&refresh_token), CALL).status,
            Some(0),
            "one that was put in its place"
        );
    }
    println!("{killed} of {kills} killed before their end; {lost} answers lost");
    assert!(killed > 0, "none was killed: {longest:?}");
    assert!(lost * 2 < kills, "{lost} of {kills} lost: more than the window explains");
}

fn is_reauth(run: &Run) -> bool {
    run.status == Some(1) && run.stderr.contains("sign in again")
}

#[test]
fn a_kill_at_any_point_of_a_rekeying_loses_nothing() {
    let kills = count("AUTHWIRE_KILLS", 25);
    let folder = Folder::with(&json!({
        "name": "keeps",
        "base_url": "https://api.example.com",
        "auth_config": {"type": "bearer_token", "api_key": {"store": "key"}},
    }));
    let set = |name: &str| {
        let mut child = folder
            .command(&[], &["secret", "set", name])
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("authwire starts");
        std::io::Write::write_all(&mut child.stdin.take().expect("stdin"), b"s3cret").expect("it listens");
        assert!(child.wait().expect("its end").success());
    };
    (0..50).for_each(|number| set(&format!("key-{number}")));
    set("key");
    let start = Instant::now();
    assert_eq!(folder.run(&[], &["secret", "rekey"]).status, Some(0));
    let longest = start.elapsed().mul_f64(1.2);
    let mut killed = 0;
    for number in 0..kills {
        let mut child =
            folder.command(&[], &["secret", "rekey"]).stderr(Stdio::null()).spawn().expect("authwire starts");
        thread::sleep(longest.mul_f64(f64::from(u32::try_from(number * 7 % 25).unwrap_or_default()) / 25.0));
        child.kill().expect("a signal");
        killed += u64::from(child.wait().expect("its end").code().is_none());
        let run = folder.run(&[], &["validate", "connector.json", "--resolve"]);
        assert_eq!(run.status, Some(0), "kill {number} of {kills}: {run:?}");
        let run = folder.run(&[], &["store", "status", "--format", "json"]);
        let status: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
        assert_eq!(
            (&status["damaged"], status["secrets"].as_array().map(Vec::len)),
            (&json!(0), Some(51)),
            "{run:?}"
        );
    }
    println!("{killed} of {kills} killed before their end");
    assert!(killed > 0, "none was killed: {longest:?}");
}
