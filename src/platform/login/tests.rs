//! Accounts, lives of tokens, and when somebody signs in again.

use std::sync::atomic::{AtomicUsize, Ordering};

use secrecy::ExposeSecret as _;
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use super::*;

fn parsed(text: &str) -> Result<(String, String), AccountError> {
    let account = Account::parse(&Secret::new(text))?;
    Ok((account.user, account.password.expose().to_owned()))
}

#[test]
fn an_account_is_two_lines() {
    for (text, user, password) in [
        ("admin\nsecret", "admin", "secret"),
        ("admin\r\nsecret\r\n", "admin", "secret"),
        (" admin \n se cret ", "admin", " se cret "),
        ("管理员\n密码\n\n", "管理员", "密码"),
    ] {
        let expected = (user.to_owned(), password.to_owned());
        assert_eq!(parsed(text), Ok(expected), "{text:?}");
    }
    for (text, error) in [
        ("", AccountError::NoUser),
        ("\nsecret", AccountError::NoUser),
        ("admin", AccountError::NoPassword),
        ("admin\n", AccountError::NoPassword),
        ("admin\n\nsecret", AccountError::NoPassword),
        ("admin\nsecret\nmore", AccountError::MoreLines),
    ] {
        assert_eq!(parsed(text), Err(error), "{text:?}");
    }
}

#[test]
fn the_access_token_is_found_in_either_order() {
    let (access, refresh) = (
        json!({"tokenType": "accessToken", "token": "a", "expiration": "1763884799"}),
        json!({"tokenType": "refreshToken", "token": "r", "expiration": "1763884799"}),
    );
    let found = |data: Value| {
        let (token, expires) = access_token(&data.to_string())?;
        Some((token.expose_secret().to_owned(), expires))
    };
    let expected = Some(("a".to_owned(), Some("1763884799".to_owned())));
    assert_eq!(found(json!([refresh, access])), expected);
    assert_eq!(found(json!([access, refresh])), expected);
    assert_eq!(found(json!([null, access])), expected);
    for none in [
        json!(null),
        json!([]),
        json!([refresh]),
        json!([{"tokenType": "accessToken", "token": ""}]),
    ] {
        assert_eq!(found(none.clone()), None, "{none}");
    }
}

#[test]
fn a_life_is_counted_by_the_server_s_clock_in_either_unit() {
    let now = Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1_763_884_000));
    for (told, seconds) in [
        (Some("1763885200"), 1200),
        (Some("1763885200000"), 1200),
        (Some(" 1763885200 "), 1200),
        (Some("1763880000"), 0),
        (Some("soon"), 60),
        (None, 60),
    ] {
        assert_eq!(life(told, now), Duration::from_secs(seconds), "{told:?}");
    }
}

/// An auth-server that takes one password and counts who signs in.
async fn auth_server(logins: Arc<AtomicUsize>) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(path("/auth/v1/api/login"))
        .respond_with(move |request: &Request| {
            let nth = logins.fetch_add(1, Ordering::SeqCst);
            let body: Value = serde_json::from_slice(&request.body).unwrap();
            if body["password"] != "right" {
                let refused = json!({"status": "ERROR", "message": "Bad credential", "data": null});
                return ResponseTemplate::new(200).set_body_json(refused);
            }
            let expires = SystemTime::now()
                .duration_since(SystemTime::UNIX_EPOCH)
                .unwrap();
            let expires = (expires.as_secs() + 1200).to_string();
            let token = json!({"tokenType": "accessToken", "token": format!("token-{nth}"),
                "expiration": expires});
            let data = json!({"status": "OK", "message": "success", "data": [token]});
            ResponseTemplate::new(200).set_body_json(data)
        })
        .mount(&server)
        .await;
    server
}

fn tokens_of(server: &MockServer, password: &str) -> UserTokens {
    let account = Account::parse(&Secret::new(format!("admin\n{password}"))).unwrap();
    UserTokens::new(account, &Address::new(server.uri()), &Trust::SYSTEM).unwrap()
}

#[tokio::test]
async fn all_who_ask_share_one_sign_in_and_one_refused_token_makes_one_more() {
    let logins = Arc::new(AtomicUsize::new(0));
    let server = auth_server(logins.clone()).await;
    let tokens = tokens_of(&server, "right");
    let all = futures::future::join_all((0..10).map(|_| tokens.bearer(Freshness::Current))).await;
    assert!(
        all.iter()
            .all(|it| it.as_ref().unwrap().expose_secret() == "token-0")
    );
    // Refused a moment after it was made: another one would be refused as well.
    let again = tokens.bearer(Freshness::New).await.unwrap();
    assert_eq!(again.expose_secret(), "token-0");
    assert_eq!(logins.load(Ordering::SeqCst), 1);

    tokio::time::pause();
    tokio::time::advance(JUST_MADE).await;
    tokio::time::resume();
    let all = futures::future::join_all((0..10).map(|_| tokens.bearer(Freshness::New))).await;
    assert!(
        all.iter()
            .all(|it| it.as_ref().unwrap().expose_secret() == "token-1")
    );
    assert_eq!(logins.load(Ordering::SeqCst), 2);
    assert_eq!(tokens.calls(), 4, "a key and a login, twice");
}

#[tokio::test]
async fn a_refused_password_is_never_sent_again() {
    let logins = Arc::new(AtomicUsize::new(0));
    let server = auth_server(logins.clone()).await;
    let tokens = tokens_of(&server, "wrong");
    for _ in 0..3 {
        let failure = tokens.sign_in().await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::TokenRefused);
        assert_eq!(
            failure.cause,
            crate::domain::FailureCause::Said("Bad credential".to_owned())
        );
        assert!(
            failure.target.ends_with("/auth/v1/api/login"),
            "{}",
            failure.target
        );
        assert!(tokens.bearer(Freshness::New).await.is_err());
    }
    assert_eq!(logins.load(Ordering::SeqCst), 1);
}

#[test]
fn a_password_is_sealed_as_the_portal_seals_it() {
    assert_eq!(iv(1_763_884_799), "1763884700000000");
    // Made with: openssl enc -aes-128-cbc -K (hex of the seed) -iv (hex of the vector) -base64
    let sealed = encrypt(
        &Secret::new("WeCube@1234"),
        "0123456789abcdef",
        "1763884700000000",
    );
    assert_eq!(sealed.as_deref(), Some("z+ZJLM5ayK33GjC0bgQbrg=="));
    assert_eq!(
        encrypt(&Secret::new("x"), "short", "1763884700000000"),
        None
    );
}

#[test]
fn a_database_that_is_down_is_told_from_a_wrong_password() {
    for (message, named) in [
        (
            "server error happened (Bad credential:bad password.)",
            false,
        ),
        ("server error happened (user not exist)", false),
        (
            "server error happened (dial tcp 10.0.0.9:3306: connect: connection refused)",
            true,
        ),
        (
            "server error happened (Error 1146: Table 'auth_server.auth_sys_user' doesn't exist)",
            true,
        ),
    ] {
        assert_eq!(names_a_database(message), named, "{message}");
    }
}

/// A v4.2 or later whose clock goes into the next hundred seconds between the key and the password.
#[tokio::test]
async fn a_vector_whose_time_was_over_on_the_way_is_made_once_more() {
    const KEY: &str = "0123456789abcdef";
    let (before, after) = (
        "Sun, 23 Nov 2025 07:59:59 GMT",
        "Sun, 23 Nov 2025 08:00:01 GMT",
    );
    let server = MockServer::start().await;
    let key = json!({"status": "OK", "message": "", "data": KEY});
    Mock::given(path("/auth/v1/api/seed"))
        .respond_with(
            ResponseTemplate::new(200)
                .set_body_json(key)
                .insert_header("Date", before),
        )
        .mount(&server)
        .await;
    let opens = encrypt(&Secret::new("right"), KEY, &iv(1_763_884_801)).unwrap();
    Mock::given(path("/auth/v1/api/login"))
        .respond_with(move |request: &Request| {
            let body: Value = serde_json::from_slice(&request.body).unwrap();
            let data = if body["password"] == opens {
                json!({"status": "OK", "data": [{"tokenType": "accessToken", "token": "t"}]})
            } else {
                json!({"status": "ERROR", "message": "Bad credential", "data": null})
            };
            ResponseTemplate::new(200)
                .set_body_json(data)
                .insert_header("Date", after)
        })
        .expect(2)
        .mount(&server)
        .await;
    let tokens = tokens_of(&server, "right");
    let token = tokens.bearer(Freshness::Current).await.unwrap();
    assert_eq!(token.expose_secret(), "t");
}

#[tokio::test]
async fn an_auth_server_without_its_database_refuses_nobody() {
    let server = MockServer::start().await;
    let words = "server error happened (dial tcp 10.0.0.9:3306: connect: connection refused)";
    let down = json!({"status": "ERROR", "message": words, "data": null});
    Mock::given(path("/auth/v1/api/login"))
        .respond_with(ResponseTemplate::new(200).set_body_json(down))
        .expect(2)
        .mount(&server)
        .await;
    let tokens = tokens_of(&server, "right");
    for _ in 0..2 {
        let failure = tokens.sign_in().await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::ServerError, "{failure:?}");
    }
}
