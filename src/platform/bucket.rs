//! Whether an S3 server opens a bucket with these keys: one signed `HEAD`, and where that is refused a
//! signed `GET`, since only its body says why. Plain HTTP, as platform-core speaks with it.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Method};
use rusty_s3::actions::S3Action as _;
use rusty_s3::{Bucket, Credentials, UrlStyle};

use super::transport::cause_of;
use crate::domain::{FailureCause, TlsSetupFault};
use crate::secret::Secret;

/// How long a signature is good for.
const LIFE: Duration = Duration::from_mins(1);

/// What an S3 server says of the bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BucketAnswer {
    /// It is there and the keys open it.
    Opens,
    /// It is not there.
    Missing,
    /// The keys are refused: status and S3's own code.
    Refused {
        /// HTTP status.
        status: u16,
        /// S3's code, such as `InvalidAccessKeyId`; empty if it names none.
        code: String,
    },
    /// Another server: a web page, such as the console of minio.
    WebPage,
    /// It speaks HTTPS only; platform-core uses plain HTTP.
    Https,
    /// No answer.
    Silent(FailureCause),
}

/// Asks for a bucket at `HOST:PORT`.
pub async fn probe_bucket(
    address: &str,
    bucket: &'static str,
    access: &str,
    secret: &Secret,
    timeout: Duration,
) -> BucketAnswer {
    let asked = ask(address, bucket, access, secret, timeout).await;
    asked.unwrap_or_else(BucketAnswer::Silent)
}

async fn ask(
    address: &str,
    bucket: &'static str,
    access: &str,
    secret: &Secret,
    timeout: Duration,
) -> Result<BucketAnswer, FailureCause> {
    let keys = Credentials::new(access, secret.expose());
    let client = client(timeout)?;
    // What minio takes where no region is set, as platform-core sets none; its client follows the
    // region that the server names instead.
    let mut region = "us-east-1".to_owned();
    for last in [false, true] {
        let bad_address = || FailureCause::BadPath(address.to_owned());
        let endpoint = url::Url::parse(&format!("http://{address}")).map_err(|_| bad_address())?;
        let bucket = Bucket::new(endpoint, UrlStyle::Path, bucket, region.clone())
            .map_err(|_| bad_address())?;
        let head = bucket.head_bucket(Some(&keys)).sign(LIFE);
        let told = send(&client, Method::HEAD, head).await?;
        match told.status {
            _ if told.is_page => return Ok(BucketAnswer::WebPage),
            200..=299 => return Ok(BucketAnswer::Opens),
            404 => return Ok(BucketAnswer::Missing),
            _ => {}
        }
        let list = bucket.list_objects_v2(Some(&keys)).sign(LIFE);
        let told = send(&client, Method::GET, list).await?;
        let code = word_in("Code", &told.body);
        let other = told
            .region
            .filter(|other| !other.is_empty() && *other != region);
        match (other, code.as_str()) {
            (Some(other), "AuthorizationHeaderMalformed" | "AuthorizationQueryParametersError")
                if !last =>
            {
                region = other;
                continue;
            }
            _ => {}
        }
        let status = told.status;
        return Ok(match (status, code.as_str()) {
            _ if told.is_page => BucketAnswer::WebPage,
            _ if told.body.contains("HTTP request to an HTTPS server") => BucketAnswer::Https,
            (200..=299, _) => BucketAnswer::Opens,
            (404, _) | (_, "NoSuchBucket") => BucketAnswer::Missing,
            _ => BucketAnswer::Refused { status, code },
        });
    }
    Ok(BucketAnswer::Missing)
}

/// What an answer has.
struct Told {
    status: u16,
    is_page: bool,
    body: String,
    /// The region that the server names.
    region: Option<String>,
}

fn client(timeout: Duration) -> Result<Client, FailureCause> {
    // The client wants a TLS configuration even if none is used; this one trusts nobody.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| TlsSetupFault::Setup(error.to_string()))?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .timeout(timeout)
        .build()
        .map_err(|error| cause_of(&error))
}

/// An answer with the beginning of its body. An address in an error would hold the signature: it is left
/// out.
async fn send(client: &Client, method: Method, url: url::Url) -> Result<Told, FailureCause> {
    let told = |error: reqwest::Error| cause_of(&error.without_url());
    let mut response = client.request(method, url).send().await.map_err(told)?;
    let status = response.status().as_u16();
    let header = |name: &str| {
        let value = response.headers().get(name)?;
        value.to_str().ok().map(ToOwned::to_owned)
    };
    let is_page = header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
    let region = header("x-amz-bucket-region");
    let mut body = Vec::new();
    while body.len() < 64 * 1024 {
        match response.chunk().await.map_err(told)? {
            Some(chunk) => body.extend_from_slice(&chunk),
            None => break,
        }
    }
    let body = String::from_utf8_lossy(&body).into_owned();
    let named = word_in("Region", &body);
    Ok(Told {
        status,
        is_page,
        region: region.or(Some(named)),
        body,
    })
}

/// `<Code>…</Code>` or another word of S3's error document; empty without one.
fn word_in(tag: &str, body: &str) -> String {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    let word = body
        .split_once(&open)
        .and_then(|(_, rest)| rest.split_once(&close))
        .map_or("", |(word, _)| word);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if word.len() <= 64 && word.bytes().all(plain) {
        word.to_owned()
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use wiremock::matchers::method;
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;

    async fn asked(server: &MockServer) -> BucketAnswer {
        let address = server.address().to_string();
        let secret = Secret::new("secret");
        probe_bucket(
            &address,
            "bucket",
            "access",
            &secret,
            Duration::from_secs(5),
        )
        .await
    }

    #[tokio::test]
    async fn a_signed_request_says_whether_the_keys_open_the_bucket() {
        for (head, get, body, wanted) in [
            (200, 500, "", BucketAnswer::Opens),
            (404, 500, "", BucketAnswer::Missing),
            (403, 200, "", BucketAnswer::Opens),
            (403, 404, "", BucketAnswer::Missing),
            (
                403,
                403,
                "<Error><Code>InvalidAccessKeyId</Code></Error>",
                BucketAnswer::Refused {
                    status: 403,
                    code: "InvalidAccessKeyId".into(),
                },
            ),
        ] {
            let server = MockServer::start().await;
            for (verb, status) in [("HEAD", head), ("GET", get)] {
                Mock::given(method(verb))
                    .and(|request: &wiremock::Request| {
                        let query = request.url.query().unwrap_or_default();
                        request.url.path().trim_end_matches('/') == "/bucket"
                            && query.contains("X-Amz-Credential=access")
                            && query.contains("X-Amz-Signature=")
                    })
                    .respond_with(ResponseTemplate::new(status).set_body_string(body))
                    .mount(&server)
                    .await;
            }
            assert_eq!(asked(&server).await, wanted);
        }
    }

    #[tokio::test]
    async fn a_console_https_and_another_region_are_told() {
        let page = ResponseTemplate::new(200).set_body_raw("<html>", "text/html; charset=utf-8");
        let https = "Client sent an HTTP request to an HTTPS server.\n";
        let https = ResponseTemplate::new(400).set_body_string(https);
        for (answer, wanted) in [(page, BucketAnswer::WebPage), (https, BucketAnswer::Https)] {
            let server = MockServer::start().await;
            Mock::given(wiremock::matchers::any())
                .respond_with(answer)
                .mount(&server)
                .await;
            assert_eq!(asked(&server).await, wanted);
        }
        let server = MockServer::start().await;
        Mock::given(|request: &wiremock::Request| {
            let query = request.url.query().unwrap_or_default();
            query.contains("cn-north-1%2Fs3")
        })
        .respond_with(ResponseTemplate::new(200))
        .mount(&server)
        .await;
        let body =
            "<Error><Code>AuthorizationHeaderMalformed</Code><Region>cn-north-1</Region></Error>";
        Mock::given(wiremock::matchers::any())
            .respond_with(ResponseTemplate::new(400).set_body_string(body))
            .with_priority(9)
            .mount(&server)
            .await;
        assert_eq!(asked(&server).await, BucketAnswer::Opens);
    }

    /// Either answer may be a page; a region that was asked for already is not asked for again.
    #[tokio::test]
    async fn page_is_told_from_either_answer_and_no_region_is_tried_twice() {
        let page = || ResponseTemplate::new(200).set_body_raw("<html>", "text/html");
        let malformed = |region| {
            let code = "<Code>AuthorizationHeaderMalformed</Code>";
            let body = format!("<Error>{code}<Region>{region}</Region></Error>");
            ResponseTemplate::new(400).set_body_string(body)
        };
        let refused = || BucketAnswer::Refused {
            status: 400,
            code: "AuthorizationHeaderMalformed".to_owned(),
        };
        let plain = ResponseTemplate::new;
        for (head, get, wanted, requests) in [
            (page(), plain(200), BucketAnswer::WebPage, 1),
            (plain(403), page(), BucketAnswer::WebPage, 2),
            (plain(400), malformed("us-east-1"), refused(), 2),
            (plain(400), malformed(""), refused(), 2),
            (plain(400), malformed("cn-north-1"), refused(), 4),
        ] {
            let server = MockServer::start().await;
            for (verb, answer) in [("HEAD", head), ("GET", get)] {
                let mock = Mock::given(method(verb)).respond_with(answer);
                mock.mount(&server).await;
            }
            assert_eq!(asked(&server).await, wanted);
            let received = server.received_requests().await.unwrap_or_default();
            assert_eq!(received.len(), requests, "{wanted:?}");
        }
    }

    #[test]
    fn word_is_short_and_plain() {
        let long = "a".repeat(64);
        for (word, expected) in [
            ("cn-north-1", "cn-north-1"),
            (&long, &long),
            (&format!("{long}a"), ""),
            ("a b", ""),
            ("", ""),
        ] {
            let body = format!("<Error><Region>{word}</Region></Error>");
            assert_eq!(word_in("Region", &body), expected);
            assert_eq!(word_in("Code", &body), "");
        }
    }

    #[tokio::test]
    async fn no_answer_says_why_without_the_signature() {
        let secret = Secret::new("secret");
        let answer = probe_bucket(
            "127.0.0.1:1",
            "b",
            "access",
            &secret,
            Duration::from_secs(5),
        )
        .await;
        match answer {
            BucketAnswer::Silent(cause) => assert_eq!(cause, FailureCause::PortRefused),
            other => panic!("{other:?}"),
        }
    }
}
