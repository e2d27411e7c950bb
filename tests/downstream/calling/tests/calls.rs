//! The program as its user runs it: the URL and the token are in the environment.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;

#[test]
fn the_server_gets_the_token() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let lines = BufReader::new(&stream).lines().map(Result::unwrap);
        let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine").unwrap();
        head
    });
    let this = std::env::current_exe().unwrap();
    let output = std::process::Command::new(this)
        .args(["--exact", "as_a_child", "--ignored", "--nocapture"])
        .envs([("CALLING_URL", url.as_str()), ("CALLING_TOKEN", "t0ken")])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let head = server.join().unwrap();
    assert_eq!(head[0], "GET /orders HTTP/1.1");
    assert!(head.iter().any(|line| line.eq_ignore_ascii_case("authorization: Bearer t0ken")), "{head:?}");
}

#[tokio::test]
#[ignore = "run by the other test, with its environment"]
async fn as_a_child() {
    assert_eq!(calling::ask("/orders").await.unwrap(), "fine");
}
