//! The auth-server of both generations: login, refresh, and what little else a client may ask
//! (`docs/platform/tokens.md#login-and-refresh`; recordings `login-*.json`, `refresh.json`, `bad-token-auth-server.json`).

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockDecryptMut as _, KeyIvInit as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::ids::{now_s, spring_time};
use super::shared::Shared;
use super::state::{SideState, WorldState};
use super::token::{sign, v3_key, v4_key, verify_v3, verify_v4};
use super::wire::{Answer, Request, SideName, v3_unauthenticated, v4_not_found};
use super::world::User;

/// Seconds that an access token lives (v4's document says 20 minutes, v3's recording the same).
const ACCESS_S: i64 = 1200;
/// Seconds that a refresh token lives.
const REFRESH_S: i64 = 1800;

/// What `api/seed` tells, from v4.2.0 on: sixteen characters that passwords are sealed with.
const LOGIN_SEED: &str = "0a1b2c3d4e5f6071";

/// Answers a request for `/auth/…`.
pub(super) fn answer(shared: &Shared, request: &Request) -> Answer {
    let state = shared.state();
    let side = state.side(request.side);
    let v3 = side.version.is_v3();
    let answer = match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/auth/v1/health-check") if v3 => success(side, &Value::Null),
        ("GET", "/auth/v1/api/seed") if side.version.seals_passwords() => {
            success(side, &json!(LOGIN_SEED))
        }
        ("POST", "/auth/v1/api/login") => login(side, request),
        ("GET", "/auth/v1/api/token") => refresh(side, request),
        ("GET", "/auth/v1/roles") => match caller(side, request) {
            Some(_) => success(side, &roles(&state, request.side)),
            None => bad_token(side, request),
        },
        _ if v3 => match caller(side, request) {
            Some(_) => spring(request, 404, "Not Found"),
            None => bad_token(side, request),
        },
        _ => v4_not_found(),
    };
    answer.header("Date", &state.date(request.side))
}

/// The roles of a platform: those that packages grant menus to, and the administrator.
pub(super) fn roles(state: &WorldState, side: SideName) -> Value {
    let mut names = vec!["SUPER_ADMIN"];
    for row in &state.database(side).packages {
        for authority in &row.package.authorities {
            if !names.contains(&authority.role.as_str()) {
                names.push(&authority.role);
            }
        }
    }
    names
        .into_iter()
        .map(|name| {
            json!({"id": name, "name": name, "displayName": name,
                   "email": "", "status": "NotDeleted"})
        })
        .collect()
}

fn success(side: &SideState, data: &Value) -> Answer {
    let body = json!({"status": "OK", "message": "success", "data": data});
    if side.version.is_v3() {
        Answer::v3_json(200, &body)
    } else {
        Answer::v4_json(200, &body)
    }
}

fn caller(side: &SideState, request: &Request) -> Option<String> {
    let now = now_s(side.clock_offset_s);
    let header = request.authorization.as_deref();
    if side.version.is_v3() {
        verify_v3(header, &side.seed, now).map(|caller| caller.user)
    } else {
        verify_v4(header, &side.seed, now)
            .ok()
            .map(|caller| caller.user)
    }
}

fn login(side: &SideState, request: &Request) -> Answer {
    let body = serde_json::from_slice::<Value>(&request.body).unwrap_or_default();
    let sent = body["password"].as_str().unwrap_or_default();
    let opened = opened(side, sent);
    let password = opened.as_deref().unwrap_or(sent);
    let user = side
        .spec
        .users
        .iter()
        .find(|user| body["username"] == user.name && password == user.password);
    match user {
        Some(user) => tokens(side, user),
        None if side.version.is_v3() => v3_unauthenticated("Bad credential:bad password."),
        None => {
            let answer = Answer::v4_json(
                200,
                &json!({"status": "ERROR", "data": null,
                        "message": "server error happened (Bad credential:bad password.)"}),
            );
            if side.version.checks_menus() {
                answer.header("Error-Code", "10000001")
            } else {
                answer
            }
        }
    }
}

/// Decrypts a password; the IV changes every hundred seconds, so the previous one is tried too.
/// `None`: it is not encrypted, and the text is the password.
fn opened(side: &SideState, sent: &str) -> Option<String> {
    if !side.version.seals_passwords() {
        return None;
    }
    let sealed = STANDARD.decode(sent).ok()?;
    let now = now_s(side.clock_offset_s);
    [now, now - 100].into_iter().find_map(|moment| {
        let iv = (moment / 100 * 100_000_000).to_string();
        let decryptor =
            cbc::Decryptor::<aes::Aes128>::new_from_slices(LOGIN_SEED.as_bytes(), iv.as_bytes());
        let opened = decryptor.ok()?.decrypt_padded_vec_mut::<Pkcs7>(&sealed);
        String::from_utf8(opened.ok()?).ok()
    })
}

/// v3 wants a refresh token here, v4 takes any valid one.
fn refresh(side: &SideState, request: &Request) -> Answer {
    let header = request.authorization.as_deref();
    let now = now_s(side.clock_offset_s);
    let name = match verify_v4(header, &side.seed, now) {
        Ok(caller) => caller.user,
        Err(_) => return bad_token(side, request),
    };
    match side.spec.users.iter().find(|user| user.name == name) {
        Some(user) => tokens(side, user),
        None => bad_token(side, request),
    }
}

/// v3: refresh token first, `expiration` in milliseconds; v4: access token first, in seconds.
fn tokens(side: &SideState, user: &User) -> Answer {
    let v3 = side.version.is_v3();
    let now = now_s(side.clock_offset_s);
    let key = if v3 {
        v3_key(&side.seed)
    } else {
        v4_key(&side.seed).unwrap_or_default()
    };
    let expiration = |lives: i64| {
        let moment = now + lives;
        if v3 { moment * 1000 } else { moment }.to_string()
    };
    let authority = format!("[{}]", user.authorities.join(","));
    let mut access = json!({"sub": user.name, "iat": now, "exp": now + ACCESS_S,
        "type": "accessToken", "clientType": if v3 { "USER" } else { "" },
        "authority": authority});
    let mut again = json!({"sub": user.name, "iat": now, "exp": now + REFRESH_S,
        "type": "refreshToken", "clientType": if v3 { "USER" } else { "" }});
    if !v3 {
        access["roles"] = json!([]);
        access["needRegister"] = json!(false);
        again["authority"] = json!(side.version.refresh_authority());
        again["needRegister"] = json!(false);
    }
    let access_token = sign(&access, &key);
    let refresh_token = sign(&again, &key);
    let item = |kind: &str, token: &str, lives: i64| json!({"expiration": expiration(lives), "token": token, "tokenType": kind});
    let mut list = vec![
        item("accessToken", &access_token, ACCESS_S),
        item("refreshToken", &refresh_token, REFRESH_S),
    ];
    if v3 {
        list.reverse();
    }
    success(side, &json!(list))
        .header("Authorization", &format!("Bearer {access_token}"))
        .header("Authorization-Info", &format!("Bearer {refresh_token}"))
}

/// v3's auth-server answers every bad token 500; v4's answers 401.
fn bad_token(side: &SideState, request: &Request) -> Answer {
    if side.version.is_v3() {
        return spring(request, 500, "Internal Server Error");
    }
    Answer::v4_json(
        401,
        &json!({"status": "ERROR", "data": null,
                "message": "server error happened (failed to validate jwt token)"}),
    )
}

fn spring(request: &Request, status: u16, error: &str) -> Answer {
    Answer::v3_json(
        status,
        &json!({"timestamp": spring_time(0), "status": status, "error": error,
                "path": request.path}),
    )
}
