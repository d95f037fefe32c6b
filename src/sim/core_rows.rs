//! Rows as core shows them: what both generations have in common, and what other modules need.

use serde_json::{Value, json};

use super::database::{Database, PackageRow};
use super::world::{Docker, Instance};

/// The parts of the path after `/platform/`.
pub(super) fn segments(path: &str) -> Vec<&str> {
    path.trim_start_matches("/platform/")
        .trim_end_matches('/')
        .split('/')
        .collect()
}

/// `runtime-resources`, the same shape in both generations (`saltstack-runtime-resources.json`).
pub(super) fn runtime_resources(row: &PackageRow, v3: bool) -> Value {
    let package = &row.package;
    let [docker_id, mysql_id, s3_id] = &row.runtime_ids;
    let usual = Docker {
        image: format!("{}:{}", package.name, package.version),
        container: format!("{}-{}", package.name, package.version),
        ports: vec!["{{ALLOCATE_PORT}}:8080".to_owned()],
        volumes: Vec::new(),
        env: vec!["GATEWAY_URL={{GATEWAY_URL}}".to_owned()],
    };
    let docker = package.docker.as_ref().unwrap_or(&usual);
    let mysql: Vec<Value> = package
        .mysql_schema
        .iter()
        .map(|schema| {
            let upgrade = if v3 {
                Value::Null
            } else {
                json!("upgrade.sql")
            };
            json!({"id": mysql_id, "pluginPackageId": package.id, "schemaName": schema,
                   "initFileName": "init.sql", "upgradeFileName": upgrade})
        })
        .collect();
    let s3: Vec<Value> = package
        .s3_bucket
        .iter()
        .map(|bucket| {
            let mut item =
                json!({"id": s3_id, "pluginPackageId": package.id, "bucketName": bucket});
            if !v3 {
                item["additionalProperties"] = json!("");
            }
            item
        })
        .collect();
    json!({
        "docker": [{"id": docker_id, "pluginPackageId": package.id,
                    "imageName": docker.image, "containerName": docker.container,
                    "portBindings": docker.ports.join(","),
                    "volumeBindings": docker.volumes.join(","),
                    "envVariables": docker.env.join(",")}],
        "mysql": mysql,
        "s3": s3,
    })
}

/// `instances`: v3 lists the running rows, v4 every row; empty ids are null in v3, `""` in v4.
pub(super) fn instances(row: Option<&PackageRow>, v3: bool) -> Value {
    let none = if v3 { Value::Null } else { json!("") };
    let Some(row) = row else {
        return json!([]);
    };
    row.package
        .instances
        .iter()
        .zip(&row.item_ids)
        .filter(|(instance, _)| !v3 || instance.is_running())
        .map(|(instance, item)| {
            let container = if instance.container_name.is_empty() {
                format!("{}-{}", row.package.name, row.package.version)
            } else {
                instance.container_name.clone()
            };
            json!({"id": instance.id, "host": instance.host, "containerName": container,
                   "port": instance.port, "containerStatus": instance.container_status,
                   "packageId": row.package.id, "dockerInstanceResourceId": item,
                   "instanceName": row.package.name,
                   "pluginMysqlInstanceResourceId": none, "s3bucketResourceId": none})
        })
        .collect()
}

/// `resource/items/retrieve`: the container of each instance.
pub(super) fn containers(database: &Database) -> Value {
    let of_package = |row: &PackageRow| -> Vec<Value> {
        let launched = row.package.instances.iter().zip(&row.item_ids);
        let container = |(instance, item): (&Instance, &String)| {
            let environment = match instance.gateway.as_str() {
                "" => String::new(),
                gateway => format!("GATEWAY_URL={gateway}\\,TZ=Asia/Shanghai"),
            };
            let properties = json!({"imageName": row.package.name, "portBindings": "",
                                    "volumeBindings": "", "envVariables": environment});
            json!({"id": item, "type": "docker_container", "name": instance.container_name,
                   "additionalProperties": properties.to_string()})
        };
        launched.map(container).collect()
    };
    let rows: Vec<_> = database.packages.iter().flat_map(of_package).collect();
    json!({"pageInfo": {"startIndex": 0, "pageSize": 0, "totalRows": 0}, "contents": rows})
}

/// `authorities`, the same rows in both generations (`labplug-authorities.json`).
pub(super) fn authorities(row: &PackageRow) -> Value {
    let package = &row.package;
    package
        .authorities
        .iter()
        .flat_map(|authority| authority.menus.iter().map(move |menu| (authority, menu)))
        .map(|(authority, menu)| {
            json!({"id": format!("{}-{menu}", package.id), "pluginPackageId": package.id,
                   "roleName": authority.role, "menuCode": menu})
        })
        .collect()
}

/// A package as v3 shows it.
pub(super) fn package_item(row: &PackageRow) -> Value {
    let package = &row.package;
    json!({"id": package.id, "name": package.name, "version": package.version,
           "uploadTimestamp": package.upload_timestamp,
           "uiPackageIncluded": package.ui.is_some(),
           "status": package.status, "edition": package.edition})
}

/// v3's message for an unknown id (`register-unknown-id.json`).
pub(super) fn no_package(id: &str) -> String {
    format!("Plugin package does not exist for id : {id}.")
}
