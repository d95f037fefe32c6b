//! Stands in for the platform's four programs in containers of the tests: answers as they do, or
//! fails in the ways that they fail. `ROLE` is a component's name, `MODE` what it does:
//! `healthy`, `slow SECONDS`, `crash`, `one-shot`, `wrong`, `database`.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

fn var(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

fn main() {
    let (role, mode) = (var("ROLE"), var("MODE"));
    println!("{role} starts, mode {mode}");
    let slow = mode
        .strip_prefix("slow ")
        .and_then(|s| s.parse().ok())
        .map(Duration::from_secs);
    match mode.as_str() {
        "crash" => {
            for number in 1..=30 {
                eprintln!("line {number}");
            }
            eprintln!("panic: Access denied (using password: {})", var("db_pass"));
            std::process::exit(3);
        }
        "one-shot" => {
            println!("nothing to do");
            return;
        }
        _ => {}
    }
    let port = if role == "platform-core" { 8000 } else { 8080 };
    let listener = TcpListener::bind(("0.0.0.0", port)).expect("the port is free");
    let began = Instant::now();
    for stream in listener.incoming().flatten() {
        let ready = slow.is_none_or(|slow| began.elapsed() >= slow);
        if ready {
            answer(stream, &role, &mode);
        }
    }
}

fn answer(mut stream: TcpStream, role: &str, mode: &str) {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    // Head and body of these small requests come together or nearly so.
    let _timeout = stream.set_read_timeout(Some(Duration::from_secs(2)));
    loop {
        let Ok(count) = stream.read(&mut buffer) else {
            return;
        };
        bytes.extend(&buffer[..count]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            if count == 0 {
                return;
            }
            continue;
        };
        let length = head
            .lines()
            .find_map(|line| {
                line.to_lowercase()
                    .strip_prefix("content-length:")
                    .map(|n| n.trim().parse().unwrap_or(0))
            })
            .unwrap_or(0);
        if body.len() >= length || count == 0 {
            break;
        }
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let mut words = text.split(' ');
    let (method, path) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let has_token = text.to_lowercase().contains("\r\nauthorization: bearer ");
    let (status, kind, body) = reply(role, mode, method, path, &text, has_token);
    let _gone = write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
}

fn reply(
    role: &str,
    mode: &str,
    method: &str,
    path: &str,
    text: &str,
    has_token: bool,
) -> (&'static str, &'static str, String) {
    let json = "application/json; charset=utf-8";
    let not_found = (
        "404 Not Found",
        "text/plain",
        "404 page not found".to_owned(),
    );
    if mode == "wrong" {
        return (
            "200 OK",
            "text/html",
            "<html>another program</html>".to_owned(),
        );
    }
    match (role, method, path) {
        ("platform-auth-server", "POST", "/auth/v1/api/login")
        | ("platform-gateway" | "wecube-portal", "POST", "/auth/v1/api/login") => {
            if mode == "database" {
                let body = r#"{"status":"ERROR","message":"server error happened (dial tcp 10.0.0.9:3306: connect: connection refused)","data":null}"#;
                return ("200 OK", json, body.to_owned());
            }
            let body = if text.contains(r#""username":"admin""#)
                && text.contains(r#""password":"right""#)
            {
                r#"{"status":"OK","message":"success","data":[{"expiration":"1","token":"t","tokenType":"accessToken"},{"expiration":"1","token":"r","tokenType":"refreshToken"}]}"#
            } else {
                r#"{"status":"ERROR","message":"server error happened (Bad credential:bad password.)","data":null}"#
            };
            ("200 OK", json, body.to_owned())
        }
        (
            "platform-core" | "platform-gateway" | "wecube-portal",
            "GET",
            "/platform/v1/route-items",
        ) => (
            "200 OK",
            json,
            r#"{"code":0,"status":"OK","message":"","data":[]}"#.to_owned(),
        ),
        (
            "platform-core" | "platform-gateway" | "wecube-portal",
            "GET",
            "/platform/v1/appinfo/version",
        ) => {
            if !has_token {
                return ("401 Unauthorized", json, r#"{"code":10000004,"status":"ERROR","message":"System error [Failed validate request token]"}"#.to_owned());
            }
            let version = var("version");
            (
                "200 OK",
                json,
                format!(r#"{{"code":0,"status":"OK","message":"","data":"{version}"}}"#),
            )
        }
        ("platform-gateway", "GET", "/gateway/v1/route-items") => (
            "200 OK",
            json,
            r#"{"status":"OK","message":"success","data":[]}"#.to_owned(),
        ),
        ("wecube-portal", "GET", "/") => (
            "200 OK",
            "text/html",
            "<!DOCTYPE html><title>WeCube</title>".to_owned(),
        ),
        _ => not_found,
    }
}
