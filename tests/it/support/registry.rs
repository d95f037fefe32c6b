//! A registry on loopback that has the test's four images: as much of the distribution API as a pull
//! asks for (manifest by tag and by digest, blobs). Docker speaks plain HTTP with 127.0.0.0/8.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::process::Command;

use sha2::{Digest as _, Sha256};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use super::docker::{COMPONENTS, Docker};

const MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
const CONFIG: &str = "application/vnd.docker.container.image.v1+json";
const LAYER: &str = "application/vnd.docker.image.rootfs.diff.tar";

/// The registry. It ends when it is dropped.
pub(crate) struct Registry {
    server: MockServer,
    /// Digest of each component's manifest.
    pub(crate) digests: BTreeMap<&'static str, String>,
}

impl Registry {
    /// A registry with the images of that engine, under `PREFIX/COMPONENT:VERSION`. The engine itself
    /// loses them.
    pub(crate) async fn with(docker: &Docker) -> Self {
        let mut files = BTreeMap::new();
        let mut digests = BTreeMap::new();
        for component in COMPONENTS {
            let digest = put(docker, component, &mut files);
            digests.insert(component, digest);
        }
        docker.remove_images();
        let server = MockServer::start().await;
        Mock::given(any())
            .respond_with(move |request: &Request| answer(&files, request))
            .mount(&server)
            .await;
        Self { server, digests }
    }

    /// The prefix of an image name.
    pub(crate) fn prefix(&self) -> String {
        format!("{}/w", self.server.address())
    }

    /// Paths that were asked for.
    pub(crate) async fn asked(&self) -> Vec<String> {
        let requests = self.server.received_requests().await.unwrap_or_default();
        requests.iter().map(|it| it.url.path().to_owned()).collect()
    }
}

type Files = BTreeMap<String, (&'static str, Vec<u8>)>;

fn answer(files: &Files, request: &Request) -> ResponseTemplate {
    let path = request.url.path();
    if path == "/v2/" {
        return ResponseTemplate::new(200);
    }
    let Some((kind, bytes)) = files.get(path) else {
        return ResponseTemplate::new(404);
    };
    let whole = ResponseTemplate::new(200)
        .insert_header("Docker-Content-Digest", digest_of(bytes).as_str());
    if request.method.as_str() == "HEAD" {
        let length = bytes.len().to_string();
        return whole
            .insert_header("Content-Type", *kind)
            .insert_header("Content-Length", length.as_str());
    }
    whole.set_body_raw(bytes.clone(), kind)
}

/// Puts an image of the engine among the files: its manifest's digest.
fn put(docker: &Docker, component: &str, files: &mut Files) -> String {
    let saved = saved(&docker.image(component));
    let index: serde_json::Value = serde_json::from_slice(&saved["manifest.json"]).unwrap();
    let name = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let config = saved[&name(&index[0]["Config"])].clone();
    let layers = index[0]["Layers"].as_array().unwrap();
    let layers: Vec<Vec<u8>> = layers.iter().map(|it| saved[&name(it)].clone()).collect();
    let part = |kind: &str, bytes: &[u8]| serde_json::json!({"mediaType": kind, "size": bytes.len(), "digest": digest_of(bytes)});
    let manifest = serde_json::json!({
        "schemaVersion": 2, "mediaType": MANIFEST, "config": part(CONFIG, &config),
        "layers": layers.iter().map(|it| part(LAYER, it)).collect::<Vec<_>>(),
    });
    let manifest = serde_json::to_vec(&manifest).unwrap();
    let digest = digest_of(&manifest);
    let of = |what: &str| format!("/v2/w/{component}/{what}");
    for (kind, bytes) in
        std::iter::once((CONFIG, config)).chain(layers.into_iter().map(|it| (LAYER, it)))
    {
        files.insert(of(&format!("blobs/{}", digest_of(&bytes))), (kind, bytes));
    }
    for reference in [&docker.version, &digest] {
        let path = of(&format!("manifests/{reference}"));
        files.insert(path, (MANIFEST, manifest.clone()));
    }
    digest
}

/// The files of `docker save`.
fn saved(image: &str) -> BTreeMap<String, Vec<u8>> {
    let output = Command::new("docker").args(["save", image]).output();
    let output = output.expect("docker starts");
    assert!(output.status.success(), "{output:?}");
    let mut archive = tar::Archive::new(output.stdout.as_slice());
    let entries = archive.entries().unwrap().map(|entry| {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().display().to_string();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        (path, bytes)
    });
    entries.collect()
}

fn digest_of(bytes: &[u8]) -> String {
    let hex: Vec<String> = Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("sha256:{}", hex.concat())
}
