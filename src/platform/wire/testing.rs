//! Recorded answers, as the transport would give them.

use std::path::PathBuf;

use serde_json::Value;

use crate::domain::PlatformVersion;
use crate::platform::driver::Driver;
use crate::platform::request::RawAnswer;
use crate::platform::wire::Expect;

/// A recorded request and what came back.
pub(in crate::platform) struct Recording {
    /// `v4.0.0/my-menus`.
    pub(in crate::platform) name: String,
    /// The directory: a version of the platform.
    pub(in crate::platform) version: String,
    /// `core`, `gateway`, `portal`, `auth`.
    pub(in crate::platform) via: String,
    /// Method and path.
    pub(in crate::platform) method: String,
    pub(in crate::platform) path: String,
    /// `request`, as recorded.
    pub(in crate::platform) request: Value,
    /// `response`, as recorded.
    pub(in crate::platform) response: Value,
    /// `response`, as the transport would give it.
    pub(in crate::platform) answer: RawAnswer,
}

impl Recording {
    /// Who was asked.
    pub(in crate::platform) fn expect(&self) -> Expect {
        match self.via.as_str() {
            "gateway" if self.path.starts_with("/gateway/") => Expect::Gateway,
            "gateway" | "portal" => Expect::Through,
            _ => Expect::Core,
        }
    }

    /// The driver of the recorded version.
    pub(in crate::platform) fn driver(&self) -> Driver {
        Driver::for_version(&PlatformVersion::parse(&self.version), None)
    }

    /// `data` of the recorded envelope.
    pub(in crate::platform) fn data(&self) -> Value {
        self.response["json"]["data"].clone()
    }
}

/// An answer made by hand.
pub(in crate::platform) fn answer(
    status: u16,
    content_type: Option<&str>,
    body: &str,
) -> RawAnswer {
    RawAnswer {
        status,
        content_type: content_type.map(str::to_owned),
        content_length: u64::try_from(body.len()).ok(),
        body: body.as_bytes().to_vec(),
        ..RawAnswer::default()
    }
}

fn directory() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/platform"))
}

/// One recording, e.g. `recorded("v4.0.0", "my-menus")`.
pub(in crate::platform) fn recorded(version: &str, name: &str) -> Recording {
    let path = directory().join(version).join(format!("{name}.json"));
    let file: Value = serde_json::from_slice(&fs_err::read(path).unwrap()).unwrap();
    let (request, response) = (&file["request"], file["response"].clone());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let body = match response.get("json") {
        Some(json) => json.to_string(),
        None => response["text"].as_str().unwrap().to_owned(),
    };
    let header = |wanted: &str| {
        let headers = response["headers"].as_object().unwrap();
        let found = headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| text(value))
    };
    let status = u16::try_from(response["status"].as_u64().unwrap()).unwrap();
    let answer = RawAnswer {
        content_length: header("content-length").map(|told| told.parse().unwrap()),
        etag: header("etag"),
        ..answer(
            status,
            header("content-type")
                .map(|told| told.to_lowercase())
                .as_deref(),
            &body,
        )
    };
    Recording {
        name: format!("{version}/{name}"),
        version: version.to_owned(),
        via: text(&request["via"]),
        method: text(&request["method"]),
        path: text(&request["path"]),
        request: request.clone(),
        response,
        answer,
    }
}

/// Every recording there is.
pub(in crate::platform) fn all_recordings() -> Vec<Recording> {
    let mut all = Vec::new();
    for version in fs_err::read_dir(directory()).unwrap() {
        let version = version.unwrap().path();
        for file in fs_err::read_dir(&version).unwrap() {
            let file = file.unwrap().path();
            let text =
                |path: &std::path::Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
            // A version's directory has dots in its name, so no stem.
            let directory = version.file_name().unwrap().to_str().unwrap();
            all.push(recorded(directory, &text(&file)));
        }
    }
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}
