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
        let (token, expires) = access_token(&data)?;
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
    UserTokens::new(account, &Address::new(server.uri()), &Trust::System).unwrap()
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
        assert_eq!(failure.detail, "Bad credential");
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
