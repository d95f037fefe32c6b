# Messages of src/deploy: env file, lint, render

env-fault-not-an-assignment = line { $line }: not NAME=VALUE
env-fault-would-expand = line { $line }: a shell would expand or execute “{ $character }”; put the value in single quotes
env-fault-open-quote = line { $line }: a quote is not closed
env-fault-more-words = line { $line }: more text follows the value; put the value in single quotes
env-fault-twice = line { $line }: { $name } is already set on line { $first }; keep one
env-fault-open-escape = line { $line }: the file ends in a backslash; remove it, or put the value in single quotes
env-fault-nul = line { $line }: the value has a NUL byte, which no shell keeps

env-about-wecube-version = platform version; also the tag of the four images
env-about-hostip = address of this host, as the other components and the users reach it
env-about-log-level = log level: debug, info, warn or error
env-about-wecube-private-key = private key file (RSA) in the certs directories of platform-core and platform-auth-server; decrypts values that begin with RSA@, and is not needed without them
env-about-jwt-signing-key = signing seed of the access tokens; the same as on the old instance if both share plugins
env-about-mysql-wecube-host = host of the wecube database
env-about-mysql-wecube-port = port of the wecube database
env-about-mysql-wecube-username = user of the wecube database
env-about-mysql-wecube-password = password of that user
env-about-mysql-auth-host = host of the auth_server database
env-about-mysql-auth-port = port of the auth_server database
env-about-mysql-auth-username = user of the auth_server database
env-about-mysql-auth-password = password of that user
env-about-s3-host = host of the S3 server that holds the plugin packages; the same as on the old instance
env-about-s3-port = port of the S3 server
env-about-s3-access = access key of the S3 server
env-about-s3-secret = secret key of the S3 server
env-about-host-wecube-username = ssh user of the static hosts; a comma list for several hosts
env-about-host-wecube-password = ssh password of the static hosts; a comma list for several hosts
env-about-mysql-wecube-database = name of the wecube database
env-about-mysql-auth-database = name of the auth_server database
env-about-resource-server-password-seed = seed of the host passwords in the database (passwordEncryptionSeed of the old core); must be the same as on the old instance
env-about-plugin-base-mount-path = base directory of what plugins mount
env-about-plugin-deploy-path = directory of plugin images on the plugin hosts
env-about-deploy-root = directory of the four components; not that of the old instance
env-about-image-prefix = registry and path before the image names
env-about-auth-port = port of platform-auth-server on its host
env-about-core-port = port of platform-core on its host
env-about-gateway-port = port of platform-gateway on its host
env-about-portal-port = port of wecube-portal on its host
env-about-auth-host = host of platform-auth-server, if it is not HOSTIP
env-about-core-host = host of platform-core, if it is not HOSTIP
env-about-gateway-host = host of platform-gateway, if it is not HOSTIP
env-about-portal-host = host of wecube-portal, if it is not HOSTIP
env-about-auth-address = HOST:PORT at which others reach platform-auth-server, for example a load balancer
env-about-core-address = HOST:PORT at which others reach platform-core, for example a load balancer
env-about-gateway-address = HOST:PORT at which others reach platform-gateway, for example a load balancer
env-about-gateway-host-ports = HOST:PORT of every gateway, separated by commas; new routes are pushed to each
env-about-public-domain = HOST:PORT of the portal that users type, for example a load balancer
env-about-static-resource-server-ips = static hosts (the host of every portal), separated by commas
env-about-static-resource-server-port = ssh port of the static hosts; a comma list for several hosts
env-about-static-resource-server-path = directory of the static files on the static hosts; must end in /ui-resources
env-about-user-access-token = lifetime of an access token in minutes
env-about-user-refresh-token = lifetime of a refresh token in minutes
env-about-cron-keep-batch-exec-days = days for which records of batch executions are kept
env-about-plugin-password-pub-key-path = public key file that encrypts plugin passwords; may be empty
env-about-sub-system-private-key = private key of the sub system; the built-in key if empty
env-about-time-zone = time zone of wecube-portal
env-about-sender-name = name of the mail sender; may be empty
env-about-sender-mail = address of the mail sender; no mail is sent if empty
env-about-mail-server = mail server; no mail is sent if empty (AUTH_SERVER in the container)
env-about-mail-password = password of the sender at the mail server (AUTH_PASSWORD in the container)
env-about-mail-ssl = whether the mail server is used over TLS: Y or N
env-about-notify-percent = percentage of a role's validity after which its user is notified
env-about-encrypt-seed = seed with which the login page encrypts passwords (from v4.2 on); if empty, the login page gets JWT_SIGNING_KEY
env-about-http-timeout-minute = minutes for which the gateway waits for a response
env-about-menu-api-map-enable = whether the permission of each API call is checked: Y or N
env-about-wecube-sub-system-auth-code = code of platform-auth-server in the gateway's log
env-about-wecube-sub-system-core-code = code of platform-core in the gateway's log
env-about-wecube-sub-system-plugin-code = code of the plugins in the gateway's log

env-name-missing = { $name } is missing: { $about }
env-name-empty = { $name } is empty: { $about }
env-name-unknown = no service reads { $name }
env-name-meant = no service reads { $name }. Did you mean { $meant }?
env-name-unused = only versions from { $since } on read { $name }
env-value-port = { $name }: “{ $value }” is not a port; use a number from 1 to 65535
env-value-number = { $name }: “{ $value }” is not a whole number; the container's configuration would be invalid JSON
env-value-folder = { $name }: “{ $value }” is not an absolute path without “..”
env-value-address = { $name }: “{ $value }” is not HOST:PORT
env-value-host = { $name }: “{ $value }” is not a host name or address

env-render-leftover = { $path } line { $line }: the placeholder { $name } has no value; set it in the env file
env-render-open-braces = { $path } line { $line }: a placeholder is not closed on its line
env-render-unsafe = { $path } line { $line }: a value at this placeholder could change the file's structure; put the placeholder into one quoted text on one line
env-render-not-yaml = { $path } line { $line }: the template is not valid YAML. The parser reports: { $said }
env-render-done = Compose files in { $folder }: { $created } created, { $changed } changed. Next: { -wecubectl } deploy all
env-render-planned = Compose files in { $folder }: { $created } to create, { $changed } to change. Next: { -wecubectl } deploy render
env-render-unchanged = All { $count } compose files in { $folder } are up to date
env-file-created = created
env-file-changed = changed
env-file-unchanged = unchanged

env-starter-head = Variables of the WeCube upgrade guide, for wecubectl deploy. This file holds secrets: keep its mode 0600.
env-starter-quotes = Put values in single quotes; a shell reads the file in the same way. Lines that begin with "#NAME=" show the default.
env-starter-since = read from { $since } on
env-starter-candidates = addresses of this host: { $all }
env-old-unknown = { $path } is neither a compose file nor a .cfg of WeCube
env-old-unknown-hint = give the docker-compose.yml with which the old platform-core and auth-server were started, or the wecube.cfg it was made from
env-old-yaml = { $path }, line { $line }: not valid YAML
env-old-at = { $path }, line { $line }: { $cause }
env-old-variable = the variable { $name } is set neither in .env beside the compose file nor in a given env file
env-old-malformed = a “$” that compose refuses
env-old-placeholder = a placeholder of a template, not a value
env-old-open-quote = a quote is not closed on its line
env-old-env-file = the env_file { $path } does not exist; it may set this value
env-old-two-values = differs from the value in { $path }, line { $line }
env-old-not-given = no given file has the service that reads it; give its file with another --from-old
env-old-absent = not set in the old files
env-init-done = { $file } and wecubectl.toml created. Fill in the empty values. Next: wecubectl { FLAG("--config", $config) } deploy lint
env-init-missing = Values that must be the same on both instances and are not known from the old files; fill them in
env-init-default-seed = the old auth-server sets no signing seed, so the old instance uses the built-in Platform+Auth+Server+Secret; set JWT_SIGNING_KEY to that, or to the value of its own configuration
env-no-file = no env file is given
env-no-file-hint = add --env-file FILE, or set env_file in wecubectl.toml. To create one: { -wecubectl } deploy init
env-missing = { $count ->
    [one] One required variable is missing
   *[other] { $count } required variables are missing
 }
env-missing-hint = fill them in and run the command again. To find other faults: { -wecubectl } deploy lint
env-templates = { $count ->
    [one] One placeholder or template is faulty
   *[other] { $count } placeholders or templates are faulty
 }. Nothing was written
env-files = { $count ->
    [one] One of the four compose files cannot be read
   *[other] { $count } of the four compose files cannot be read
 }
env-templates-hint = --templates DIR must hold all four files with these names
env-confirm-render = This will create { $created } and change { $changed } compose files in { $folder } (the old content is kept as .bak-N). Continue? Type yes:

env-w0801-means = A required variable is missing or empty.
env-w0801-next = Fill it in; the comment on its line in the env file describes it. To copy values of the old instance: `wecubectl deploy init --from-old FILE`.
env-w0802-means = No service reads a variable of this name. Usually it is misspelt, and the default of the right name applies instead.
env-w0802-next = Correct the name, or remove the line. A variable of your own templates is only read with --templates.
env-w0803-means = Only a later platform version reads this variable.
env-w0803-next = Keep it for the next upgrade, or remove the line.
env-w0804-means = The container's start script corrupts this value. It inserts values into a JSON file with sed, and this character does not survive that. The service gets another value or does not start, whatever the compose file says.
env-w0804-next = Choose a value without ~ & \ " and line breaks, and change it in the database, in S3 or on the ssh host too.
env-w0805-means = The ssh password has a single quote. platform-core passes it to sshpass in single quotes, so every registration fails with exit status 5 or 127.
env-w0805-next = Choose an ssh password without a single quote for the static hosts.
env-w0806-means = The signing seed works on one platform generation only, or differently on both. A v4 auth-server does not start with such a seed, and its core answers 401 to every request.
env-w0806-next = Choose a seed that both generations accept: A–Z a–z 0–9 + /, no padding, and a length that is not one more than a multiple of four. Set it on both instances.
env-w0807-means = The value has a dollar sign, which compose would expand. deploy render doubles it, so the container gets the right value.
env-w0807-next = Nothing to do for files that deploy render writes. In a compose file written by hand, write $$.
env-w0808-means = The value has the wrong form: its variable needs a port, a whole number, an absolute path or HOST:PORT. The container's JSON has numbers without quotes, so another text keeps the service from starting.
env-w0808-next = Correct the value on its line.
env-w0809-means = A list does not have one value per static host. platform-core needs as many users, passwords, ports and paths as hosts, or it does not start (“multiple user required”). A single value counts for all hosts.
env-w0809-next = Give one value, or one per host in the order of static_resource_server_ips. With several hosts a password cannot contain a comma.
env-w0810-means = The directory of the static files does not end in /ui-resources. platform-core makes page addresses from the last part of this path, and the portal serves only /ui-resources. With another ending or a trailing slash no plugin page loads; on a shared database the old portal breaks too.
env-w0810-next = Let static_resource_server_path end in /ui-resources.
env-w0811-means = The templates do not support this version; they support v4.0.0 to v4.5.8. Another version may need other variables (a gateway without HTTP_TIMEOUT_MINUTE restarts forever), and if the version is not a plain number, every plugin with a platform dependency fails.
env-w0811-next = Set a version vX.Y.Z from v4.0.0 to v4.5.8, or use your own templates with --templates DIR and --accept-finding W0811.
env-w0812-means = The address is a host name. Compose can bind ports only to an IP address.
env-w0812-next = Set the IP address.
env-w0813-means = The address is a loopback address. The components run in separate containers, and each would reach only itself there.
env-w0813-next = Set an address that other hosts reach too.
env-w0814-means = encrypt_seed is empty. From v4.2 on, the login page asks for a seed without a token, to encrypt the password. If encrypt_seed is empty, auth-server sends JWT_SIGNING_KEY, and everybody who can open the login page can sign tokens.
env-w0814-next = Set encrypt_seed to a text of its own.
env-w0815-means = Other users of this host can read or write the env file, which holds passwords.
env-w0815-next = Run chmod 600 on the file.
env-w0816-means = The private key file is missing, and a value begins with RSA@ and must be decrypted with it. The service would use the encrypted text as the password.
env-w0816-next = Put the key file into the certs directories of platform-core and platform-auth-server.
env-w0817-means = WECUBE_PRIVATE_KEY names a file that does not exist. No value is encrypted, so the platform only logs a warning at every start.
env-w0817-next = Leave WECUBE_PRIVATE_KEY empty, or put the file there.
env-w0818-means = The new instance would write into a directory of the old one. The static files of both would overwrite each other, and removing one instance would break the other.
env-w0818-next = Give the new instance its own root (deploy_root) and its own ui-resources directory.
env-w0819-means = Two services use the same port of the same host. The second one does not start.
env-w0819-next = Give one of them another port.
env-w0820-means = The old instance uses this port. If both instances run on one host, the new service does not start.
env-w0820-next = Give the new service another port. If the old instance runs on another host, add --accept-finding W0820.
env-w0821-means = Another program or container already listens on this port.
env-w0821-next = Find it with ss -ltnp and stop it, or give the service another port.
env-w0822-means = HOSTIP is not an address of this host, so the ports cannot be bound here.
env-w0822-next = Run deploy up on that host (or with --host), or correct HOSTIP.
env-w0823-means = The host has fewer than the 4 cores that the WeCube upgrade guide recommends.
env-w0823-next = Enough for a trial; give the host more cores for 100 users.
env-w0824-means = The host has less than the 8 GB of memory that the WeCube upgrade guide recommends.
env-w0824-next = Enough for a trial; give the host more memory for 100 users.
env-w0825-means = Less than the 100 GB of disk that the WeCube upgrade guide recommends are free below the root.
env-w0825-next = Free some space, or give the root a larger disk.
env-w0826-means = No Docker engine answers on this host.
env-w0826-next = Install and start Docker, or run the command on the host with Docker. docker version must show a server.
env-w0827-means = The Docker engine is older than 17.06, with which these files were not tested.
env-w0827-next = Update Docker.
env-w0828-means = Neither docker compose nor docker-compose is installed, so the containers cannot be started.
env-w0828-next = Install the compose plugin of Docker, or docker-compose 1.18 or later.
env-w0829-means = docker-compose is older than 1.18, with which these files were not tested.
env-w0829-next = Update it.
env-w0830-means = The value differs from that of the old instance. Two instances that share plugins and databases must agree on it: with another signing seed every plugin answers 401, with another password seed no instance can be launched, with another S3 server or database the packages differ.
env-w0830-next = Use the value of the old instance, unless both instances are separate and each has its own plugins.
env-w0831-means = The instances copy static files to different hosts. This is right if each instance has its own portals, and wrong if both use the same ones.
env-w0831-next = Nothing to do if each instance has its own portals. Otherwise set static_resource_server_ips to the hosts of the old instance.
env-w0832-means = The old instance sets this value, but the given files do not tell which. So it was not compared.
env-w0832-next = Give the missing file (--from-old FILE for a compose file, --old-env-file FILE for the one that compose got with --env-file), or compare the value by hand.
env-w0833-means = This version is newer than those that wecubectl knows (v4.0.0 to v4.5.8). Not checked: variables that came later, what its start scripts need, its upgrade guide, its database scripts.
env-w0833-next = Read the guide of that version. Its compose files can be used with --templates DIR.
env-w0834-means = The upgrade guide of that version asks for variables that the env file does not set, so their defaults apply.
env-w0834-next = Keep the defaults, or set the variables in the env file.
env-w0835-means = The template does not set a variable that the start script of this version puts into the container's JSON as a number. Without it the JSON is invalid and the container restarts forever.
env-w0835-next = Add the variable to the environment of the template; see the built-in ones: deploy render.
env-w0836-means = The template does not set a variable that the start script of this version reads. The service gets an empty text.
env-w0836-next = Add the variable to the environment of the template, unless the empty text is meant.
env-w0901-means = The database does not accept a TCP connection.
env-w0901-next = Check host and port, whether the database runs, and firewalls. The containers connect from this host.
env-w0902-means = The S3 server does not answer. Every registration of a plugin with pages downloads the package from there.
env-w0902-next = Check host and port, whether the server runs, and firewalls. platform-core uses plain HTTP.
env-w0903-means = The S3 server refuses the keys for the bucket of plugin packages.
env-w0903-next = Use the access key and secret key of the old instance. If the code is RequestTimeTooSkewed, compare the clocks of both hosts.
env-w0904-means = The S3 server has no bucket wecube-plugin-package-bucket. It is not the server of the old instance, or it is empty.
env-w0904-next = Use the S3 server of the old instance, or create the bucket.
env-w0905-means = A static or plugin host does not accept a TCP connection.
env-w0905-next = Check host and port, and firewalls.
env-w0906-means = The static host refuses the ssh user or password. Every registration of a plugin with pages would fail, and many attempts may lock the account.
env-w0906-next = Correct host_wecube_username and host_wecube_password. The host must allow password login.
env-w0907-means = The ssh login on the static host failed before or after the password.
env-w0907-next = Try ssh by hand from this host; the message is ssh's own.
env-w0908-means = The ssh login was not tested, because this host has no ssh program.
env-w0908-next = Install the OpenSSH client and run deploy lint --reach again.

env-w0909-means = The value is encrypted (RSA@) and cannot be decrypted here, so what it is for was not tested.
env-w0909-next = Put the private key of WECUBE_PRIVATE_KEY into the certs directory of platform-core, and check that the value was encrypted for it.
env-w0910-means = The host name has no address on this host, so the containers and users may not reach it either.
env-w0910-next = Correct the name, add it to DNS, or use an IP address.
env-w0911-means = The server at this port does not speak S3 over plain HTTP, as platform-core does.
env-w0911-next = Set s3_port to the port of the S3 interface (9000 for minio), not to that of its console, and let it accept plain HTTP.

env-value-host-with-port = { $name }: “{ $value }” has a port; write the host alone ({ $host }), the port has a variable of its own
env-value-host-list = { $name }: “{ $value }” is not a list of hosts; separate them by commas, without blanks and ports: 10.0.0.1,10.0.0.2
env-value-address-list = { $name }: “{ $value }” is not a list of HOST:PORT; separate them by commas, without blanks: 10.0.0.1:8005,10.0.0.2:8005
env-value-list = { $name }: “{ $value }” has a blank, a semicolon or a full-width comma; separate the values by “,” alone
env-value-version = { $name }: “{ $value }” lacks the v of the image tags; write v{ $value }
env-wrong-values = { $count ->
    [one] One value has the wrong form
   *[other] { $count } values have the wrong form
 }. Nothing was written
env-sealed-file = the private key { $path } cannot be read: { $cause }
env-sealed-key = { $path } is not a private key in PKCS #8 (BEGIN PRIVATE KEY)
env-sealed-value = the value was not encrypted for the key { $path }
env-lint-newer-version = “{ $version }” is newer than v4.5.8: what came later was not checked
env-lint-guide-asks = the guide of { $guide } asks for variables that are not set; their defaults apply: { $names }
env-lint-template-lacks = the template of { $service } does not set { $name }, which its start script reads
env-lint-loopback-inside = { $name }: { $host } is a loopback address; inside the container it is the container itself
env-lint-not-tested-value = { $name } is encrypted, so what it is for was not tested: { $cause }
env-lint-not-tested = { $target } was not tested: { $cause }
env-lint-no-address = { $name }: { $target } has no address on this host
env-lint-s3-page = { $target } answers with a web page, not as an S3 server
env-lint-s3-https = { $target } accepts HTTPS only; platform-core uses plain HTTP
env-lint-corrupts = { $name }: { $rule }
env-lint-dollar = { $name } has a dollar sign; deploy render doubles it for compose
env-lint-ssh-quote = { $name } has a single quote, which breaks platform-core's sshpass call
env-lint-list = { $name } has { $length } values for { $hosts } static hosts
env-lint-static-path = “{ $path }” does not end in /ui-resources
env-lint-version = the templates do not support “{ $version }”; they support v4.0.0 to v4.5.8
env-lint-not-an-ip = { $name }: “{ $host }” is not an IP address, and compose can bind ports only to one
env-lint-loopback = { $name }: { $host } is a loopback address, at which the containers do not reach each other
env-lint-encrypt-seed = encrypt_seed is empty, so the login page gets JWT_SIGNING_KEY
env-lint-wide-mode = other users of this host can read or write it (mode { $mode })
env-lint-key-needed = { $path } is missing, and a value begins with RSA@
env-lint-key-missing = { $path } is missing; no value needs it
env-lint-shared-folder = { $new } is inside { $old }, a directory of the old instance
env-lint-ports-collide = { $one } and { $other } both use port { $port }
env-lint-port-of-old = { $service } uses port { $port }, as does the old instance (its ports: { $all })
env-lint-port-taken = { $service } uses port { $port }, and another program already listens on it
env-lint-not-this-host = { $host } is not an address of this host ({ $all })
env-lint-cores = { $cores ->
    [one] 1 core
   *[other] { $cores } cores
 }; 4 are recommended
env-lint-memory = { $gb } GB of memory; 8 GB are recommended
env-lint-disk = { $gb } GB free; 100 GB are recommended
env-lint-no-docker = no Docker engine answers
env-lint-old-docker = version { $version } is older than 17.06
env-lint-no-compose = neither docker compose nor docker-compose is installed
env-lint-old-compose = version { $version } is older than 1.18
env-lint-differs = { $name } differs from the old instance
env-lint-differs-for-host = { $name } of { $host } differs from the old instance
env-lint-other-hosts = static files go to { $new }, those of the old instance to { $old }
env-lint-old-unknown = { $name } was not compared with the old instance: { $cause }
env-lint-database-unreachable = { $target } does not accept connections: { $cause }
env-lint-host-unreachable = { $target } does not accept connections: { $cause }
env-lint-s3-silent = { $target } does not answer: { $cause }
env-lint-s3-refused = { $target } refuses the keys: HTTP { $status } { $code }
env-lint-bucket-missing = { $target } has no bucket wecube-plugin-package-bucket
env-lint-ssh-refused = { $target } refuses the user or the password
env-lint-ssh-failed = { $target }: { $cause }
env-lint-no-ssh = { $target } was not tested: this host has no ssh program
env-lint-clean = No findings. Next: { -wecubectl } deploy render
env-lint-found = { $errors ->
    [one] 1 error
   *[other] { $errors } errors
 }, { $warnings ->
    [one] 1 warning
   *[other] { $warnings } warnings
 }, { $notes ->
    [one] 1 note
   *[other] { $notes } notes
 }. Next: { -wecubectl } explain { $code }
env-lint-plugin-host = --plugin-host expects HOST:PORT, not “{ $value }”
env-fault-at-line = { $path }, line { $line }: { $fault }
env-fault-in-file = { $path }: { $fault }
