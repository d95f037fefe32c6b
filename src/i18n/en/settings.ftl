# Messages of the module settings

settings-address = { $key }: "{ $value }" is not a usable address: { $why }
settings-address-no-scheme = it does not start with http:// or https://
settings-address-other-scheme = only http:// and https:// are supported
settings-address-no-host = it has no host
settings-address-has-user = it contains a user or password; remove them, the seed file is used to sign in
settings-address-has-path = it has a path after the port; give only scheme, host and port, for example http://10.0.0.1:8000
settings-address-malformed = it does not have the form http://HOST:PORT
settings-side-incomplete = the { $label } instance is incomplete: add --{ $side }-{ $field } (in wecubectl.toml: { $field } in [{ $side }])
settings-portal-twice = { $label } instance: portal { $value } is given twice; give each portal once
settings-generation = unknown generation "{ $value }"; give v3 or v4
settings-coexisting-in-place = coexisting and in_place are both set, but only one can be true; remove one of them
settings-in-place-with-old = in_place says that the new instance replaced the old one, but an old instance is configured; remove in_place, or the addresses of the old instance
settings-parallel-zero = --parallel (apply.parallel) must be at least 1; 1 registers one plugin at a time
settings-body-limit-range = --body-limit (client.body_limit_mib) is { $value }; give 1 to 4096 (MiB)
settings-duration = { $key }: "{ $value }" is not a duration; give a whole number above zero with a unit: 500ms, 30s, 5m, 1h
settings-pick-malformed = --pick-version "{ $value }" does not have the form NAME=VERSION, for example monitor=v2.0.7
settings-pick-twice = --pick-version names { $name } twice; choose one version
settings-client-certificate = client_cert and client_key belong together; give both (--client-cert FILE --client-key FILE)
settings-write-to = unknown value "{ $value }" for --write-to; give new, old or both
settings-config-malformed = { $path }, line { $line }, column { $column }: { $fault }
settings-env-fault = { $path }, { $fault }
settings-source-flag = command line
settings-source-config = { $path }
settings-source-env-file = { $path } (env file)
settings-source-default = default
settings-toml-unknown-key = unknown key "{ $key }"; known keys: { $known }
settings-toml-not-a-number = this key needs a whole number
settings-toml-not-a-flag = this key needs true or false
settings-toml-not-a-string = this key needs a quoted string
settings-toml-not-a-list = this key needs a list: ["…", "…"]
settings-toml-wrong-type = the value has the wrong type
settings-toml-duplicate-key = this key is given twice
settings-toml-syntax = this is not valid TOML
settings-name = name must begin with a letter or digit and consist of letters, digits, "-", "_" and ".", at most 64
