//! What the platform keeps of the container that it launched for an instance.

use serde::Deserialize;

use super::tolerant::{Needed, Rows, Txt};

/// A row of `packages/{id}/instances`, as far as it leads to its container.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::platform) struct LaunchedDto {
    id: Needed,
    #[serde(default)]
    docker_instance_resource_id: Txt,
}

impl LaunchedDto {
    /// Ids of the instance and of its container's row.
    pub(in crate::platform) fn into_ids(self) -> (String, String) {
        (self.id.0, self.docker_instance_resource_id.0)
    }
}

/// `data` of `resource/items/retrieve`.
#[derive(Debug, Deserialize)]
pub(in crate::platform) struct ContainersDto {
    #[serde(default)]
    contents: Rows<ContainerDto>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ContainerDto {
    id: Needed,
    #[serde(default)]
    additional_properties: Txt,
}

/// The text in `additionalProperties`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PropertiesDto {
    #[serde(default)]
    env_variables: Txt,
}

impl ContainersDto {
    /// The id of each row and the value of one environment variable in it; the others are not kept,
    /// since some are secrets. A v3 puts a backslash before each comma between two of them.
    pub(in crate::platform) fn variable(self, name: &str) -> Vec<(String, String)> {
        let value = |row: ContainerDto| {
            let properties = serde_json::from_str(&row.additional_properties.0);
            let PropertiesDto { env_variables } = properties.unwrap_or_default();
            let mut pairs = env_variables.0.split(',').filter_map(|it| {
                let (key, value) = it.strip_suffix('\\').unwrap_or(it).split_once('=')?;
                (key.trim() == name).then(|| value.trim().to_owned())
            });
            Some((row.id.0, pairs.next()?))
        };
        self.contents.0.into_iter().filter_map(value).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_variable_of_each_container_is_read_as_either_generation_wrote_it() {
        let row = |id, environment| {
            let properties = serde_json::json!({"imageName": "a", "envVariables": environment});
            serde_json::json!({"id": id, "additionalProperties": properties.to_string()})
        };
        let data = serde_json::json!({"contents": [
            row("v3", r"DB_PWD=x\,GATEWAY_URL=http://old:19110\,TZ=a"),
            row("v4", "GATEWAY_URL=http://new:8005,DB_PWD=x"),
            row("last", "A_GATEWAY_URL=no,GATEWAY_URL=http://new:8005"),
            row("none", "DB_PWD=x"),
            {"id": "odd", "additionalProperties": "not JSON"},
            {"id": "null", "additionalProperties": null},
        ]});
        let read: ContainersDto = serde_json::from_value(data).unwrap();
        let pair = |id: &str, value: &str| (id.to_owned(), value.to_owned());
        let expected = [
            pair("v3", "http://old:19110"),
            pair("v4", "http://new:8005"),
            pair("last", "http://new:8005"),
        ];
        assert_eq!(read.variable("GATEWAY_URL"), expected);
    }
}
