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
        /// S3's code, such as `InvalidAccessKeyId`; empty where it names none.
        code: String,
    },
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
    let bad_address = || FailureCause::BadPath(address.to_owned());
    let endpoint = url::Url::parse(&format!("http://{address}")).map_err(|_| bad_address())?;
    // What minio takes where no region is set, as platform-core sets none.
    let bucket =
        Bucket::new(endpoint, UrlStyle::Path, bucket, "us-east-1").map_err(|_| bad_address())?;
    let keys = Credentials::new(access, secret.expose());
    let client = client(timeout)?;
    let head = bucket.head_bucket(Some(&keys)).sign(LIFE);
    let (status, _) = send(&client, Method::HEAD, head).await?;
    match status {
        200..=299 => return Ok(BucketAnswer::Opens),
        404 => return Ok(BucketAnswer::Missing),
        _ => {}
    }
    let list = bucket.list_objects_v2(Some(&keys)).sign(LIFE);
    let (status, body) = send(&client, Method::GET, list).await?;
    let code = code_of(&body);
    Ok(match (status, code.as_str()) {
        (200..=299, _) => BucketAnswer::Opens,
        (404, _) | (_, "NoSuchBucket") => BucketAnswer::Missing,
        _ => BucketAnswer::Refused { status, code },
    })
}

fn client(timeout: Duration) -> Result<Client, FailureCause> {
    // The client wants a TLS configuration even where none is used; this one trusts nobody.
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

/// Status and the beginning of the body. An address in an error would hold the signature: it is left out.
async fn send(
    client: &Client,
    method: Method,
    url: url::Url,
) -> Result<(u16, String), FailureCause> {
    let told = |error: reqwest::Error| cause_of(&error.without_url());
    let mut response = client.request(method, url).send().await.map_err(told)?;
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while body.len() < 64 * 1024 {
        match response.chunk().await.map_err(told)? {
            Some(chunk) => body.extend_from_slice(&chunk),
            None => break,
        }
    }
    Ok((status, String::from_utf8_lossy(&body).into_owned()))
}

/// `<Code>…</Code>` of S3's error document.
fn code_of(body: &str) -> String {
    let code = body
        .split_once("<Code>")
        .and_then(|(_, rest)| rest.split_once("</Code>"))
        .map_or("", |(code, _)| code);
    let plain = code.len() <= 64 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if plain {
        code.to_owned()
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
