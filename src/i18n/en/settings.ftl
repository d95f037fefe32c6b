# Messages of the room: settings

settings-address = { $key }: "{ $value }" is not an address that can be used: { $why }
settings-address-no-scheme = it has no http:// or https:// in front
settings-address-other-scheme = only http:// and https:// are known
settings-address-no-host = it names no host
settings-address-has-user = it holds a user or password; take them out, the seed file is what signs in
settings-address-has-path = it has a path behind the port; give scheme, host and port only, e.g. http://10.0.0.1:8000
settings-address-malformed = it cannot be read as http://HOST:PORT
settings-side-incomplete = the { $side } instance is incomplete: --{ $side }-{ $field } is missing (in wecubectl.toml: { $field } under [{ $side }])
settings-portal-twice = the { $side } instance: portal { $value } is given twice; name each portal once
settings-generation = "{ $value }" is no generation of the platform; give v3 or v4
settings-parallel-zero = --parallel (apply.parallel) must be at least 1; 1 registers one plugin at a time
settings-body-limit-range = --body-limit (client.body_limit_mib) is { $value }; give 1 to 4096 (MiB)
settings-duration = { $key }: "{ $value }" is not a duration; give a whole number above zero with a unit: 500ms, 30s, 5m, 1h
settings-pick-malformed = --pick-version "{ $value }" is not NAME=VERSION, e.g. monitor=v2.0.7
settings-pick-twice = --pick-version names { $name } twice; choose one version
settings-write-to = --write-to "{ $value }" is not known; give new, old or both
settings-file-unreadable = { $path } cannot be read: { $error }
settings-config-malformed = { $path } is not a configuration that can be read: { $error }
settings-env-fault = { $path }, { $fault }
settings-source-flag = flag
settings-source-config = { $path }
settings-source-env-file = { $path } (env file)
settings-source-default = default
