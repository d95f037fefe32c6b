//! Saved images of our own making: whole, cut anywhere, altered anywhere.

use proptest::prelude::*;

use super::*;

fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn archive(pieces: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in pieces {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder
            .append_data(&mut header, name, bytes.as_slice())
            .unwrap();
    }
    builder.into_inner().unwrap()
}

/// A saved image with one layer, in the older layout or as OCI blobs.
fn saved(blobs: bool) -> Vec<u8> {
    let layer = b"the layer's bytes, some of them".repeat(40);
    let config = serde_json::json!({"architecture": "amd64", "rootfs": {"type": "layers",
        "diff_ids": [format!("sha256:{}", digest(&layer))]}});
    let config = config.to_string().into_bytes();
    let (config_name, layer_name) = if blobs {
        (
            format!("blobs/sha256/{}", digest(&config)),
            format!("blobs/sha256/{}", digest(&layer)),
        )
    } else {
        (
            format!("{}.json", digest(&config)),
            "1f/layer.tar".to_owned(),
        )
    };
    let manifest = serde_json::json!([{"Config": config_name, "Layers": [layer_name],
        "RepoTags": ["webankpartners/platform-core:v4.0.0"]}]);
    archive(&[
        (layer_name, layer),
        (config_name, config),
        (
            "manifest.json".to_owned(),
            manifest.to_string().into_bytes(),
        ),
    ])
}

#[test]
fn check_tar_finds_names_outside_of_the_manifest() {
    let mut with_more = saved(true);
    with_more.truncate(with_more.len() - 1024);
    let index = serde_json::json!({"manifests": [
        {"annotations": {"io.containerd.image.name": "docker.io/library/redis:7"}},
        {"annotations": {"io.containerd.image.name": "docker.io/webankpartners/platform-core:v4.0.0"}},
    ]});
    let old = serde_json::json!({"nginx": {"1": "id"}});
    with_more.extend(archive(&[
        ("index.json".to_owned(), index.to_string().into_bytes()),
        ("repositories".to_owned(), old.to_string().into_bytes()),
    ]));
    let images = check(&with_more, None).unwrap();
    assert_eq!(images.len(), 2);
    assert_eq!(images[1].names, ["docker.io/library/redis:7", "nginx:1"]);
}

fn check(bytes: &[u8], sum: Option<&str>) -> Result<Vec<TarImage>, TarFault> {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs_err::write(file.path(), bytes).unwrap();
    check_tar(file.as_file(), sum)
}

#[test]
fn check_tar_reads_a_whole_image() {
    for blobs in [false, true] {
        let bytes = saved(blobs);
        let images = check(&bytes, Some(&digest(&bytes))).unwrap();
        assert_eq!(images[0].names, ["webankpartners/platform-core:v4.0.0"]);
        assert_eq!(images[0].id.len(), "sha256:".len() + 64);
        let other = check(&bytes, Some(&"0".repeat(64))).unwrap_err();
        assert!(matches!(other, TarFault::Checksum), "{other:?}");
    }
}

#[test]
fn check_tar_reads_gzip_and_refuses_a_truncated_one() {
    let plain = saved(true);
    let mut packing = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packing, &plain).unwrap();
    let packed = packing.finish().unwrap();
    let images = check(&packed, Some(&digest(&packed))).unwrap();
    assert_eq!(images[0].names, ["webankpartners/platform-core:v4.0.0"]);
    for end in [packed.len() - 1, packed.len() / 2, 11] {
        let cut = check(&packed[..end], None).unwrap_err();
        assert!(matches!(cut, TarFault::CutOff), "{end}: {cut:?}");
    }
    let mut altered = packed.clone();
    let last = altered.len() - 6;
    altered[last] ^= 1;
    assert!(check(&altered, None).is_err(), "its checksum is another");
}

#[test]
fn check_tar_refuses_other_files() {
    let other = check(&archive(&[("a".to_owned(), b"b".to_vec())]), None).unwrap_err();
    assert!(matches!(other, TarFault::NotAnImage(_)), "{other:?}");
    for magic in [&[0x28, 0xb5][..], b"BZ", &[0xfd, 0x37]] {
        let mut compressed = magic.to_vec();
        compressed.extend([0; 2000]);
        let told = check(&compressed, None);
        assert!(matches!(told, Err(TarFault::Compressed)), "{magic:?}");
    }
    assert!(matches!(check(b"", None), Err(TarFault::CutOff)));
}

#[test]
fn check_tar_follows_links_inside_the_tar() {
    let layer = b"layer".to_vec();
    let config = serde_json::json!({"rootfs": {"diff_ids": [
        format!("sha256:{}", digest(&layer)), format!("sha256:{}", digest(&layer))]}});
    let config = config.to_string().into_bytes();
    let name = format!("{}.json", digest(&config));
    let manifest = serde_json::json!([{"Config": name, "RepoTags": null,
        "Layers": ["aa/layer.tar", "bb/layer.tar"]}]);
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::Symlink);
    header.set_size(0);
    builder
        .append_link(&mut header, "bb/layer.tar", "../aa/layer.tar")
        .unwrap();
    for (path, bytes) in [
        ("aa/layer.tar".to_owned(), layer),
        (name, config),
        (
            "manifest.json".to_owned(),
            manifest.to_string().into_bytes(),
        ),
    ] {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_cksum();
        builder
            .append_data(&mut header, path, bytes.as_slice())
            .unwrap();
    }
    let images = check(&builder.into_inner().unwrap(), None).unwrap();
    assert!(images[0].names.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn check_tar_refuses_a_tar_truncated_anywhere(at in 0usize..10_000, blobs: bool) {
        let bytes = saved(blobs);
        let at = at % (bytes.len() - 1024);
        prop_assert!(check(&bytes[..at], None).is_err());
    }

    #[test]
    fn check_tar_finds_a_changed_byte_without_checksum_file(at in 0usize..1200, blobs: bool) {
        let mut bytes = saved(blobs);
        // The layer is the first piece: its bytes begin behind its header.
        bytes[512 + at] ^= 1;
        prop_assert!(matches!(check(&bytes, None), Err(TarFault::Altered(_))));
    }
}
