# Messages of src/deploy: images, directories, containers, status

deploy-run-not-found = { $program } is not installed
deploy-run-failed = { $program } could not be run: { $error }
deploy-run-timed-out = { $program } did not finish within { $seconds } s and was stopped
deploy-connect-unknown-host = the host name does not resolve
deploy-connect-no-port = the address has no port
deploy-ssh-said = ssh reports “{ $line }”
deploy-output-json = the output is not the expected JSON (line { $line }, column { $column })
deploy-output-not-compose = the output is not the YAML of a compose file
deploy-output-port = a port of { $service } has an unknown form
deploy-engine-down = the Docker engine does not answer: { $output }
deploy-engine-refused = { $command } failed: { $output }
deploy-engine-unreadable = { $command }: { $fault }
deploy-engine-file = a temporary file could not be written or read: { $error }
deploy-engine-not-found-hint = install Docker and Docker Compose, or add them to PATH
deploy-engine-down-hint = start Docker, and check that you may use it (group docker): docker info. For another machine add --host or --context
deploy-engine-hint = run the same docker command by hand to see more. Finished steps are not repeated
deploy-version-missing = no WeCube version is given
deploy-version-missing-hint = add --wecube-version v4.0.0, or --env-file with WECUBE_VERSION
deploy-version-not-a-tag = “{ $version }” cannot be an image tag
deploy-registry-not-a-prefix = --registry expects the part before the image name (mirror.example:5000/wecube), not “{ $prefix }”
deploy-digest-malformed = --digest expects COMPONENT=sha256:… with 64 hexadecimal digits, not “{ $given }”
deploy-interrupted = interrupted; it is safe to run the command again
deploy-images-pull-confirm = This will pull { $images }. Continue? Type yes:
deploy-images-load-confirm = This will load { $images } from { $folder }, after verifying every tar. Continue? Type yes:
deploy-images-pulled = { $done } pulled, { $already } already present, { $failed } failed
deploy-images-saved = { $done } saved, { $already } already saved, { $failed } failed
deploy-images-loaded = { $done } loaded, { $already } already present, { $failed } failed
deploy-images-present = All { $count } images are present
deploy-images-absent = { $faults } of { $count } images are missing or different. Next: { -wecubectl } deploy images pull { $flags }
deploy-image-architecture = the image is built for { $image }, the engine runs on { $engine }
deploy-image-digest = the image does not have the digest { $digest }
deploy-image-did-not-arrive = Docker reported success, but the image is missing
deploy-image-missing = { $image } is missing
deploy-image-present = present
deploy-image-absent = missing
deploy-image-different = different image
deploy-image-done = done
deploy-image-already = already present
deploy-image-failed = failed
deploy-checksum-line = line { $line } of { $file } is not a checksum
deploy-tar-unreadable = cannot be read: { $error }
deploy-tar-unwritable = { $path } could not be written: { $error }
deploy-tar-compressed = is compressed, and only gzip is supported; unpack it first (xz -d, unzstd, bunzip2)
deploy-tar-cut-off = is truncated
deploy-tar-not-an-image = is not the output of docker save: { $fault }
deploy-tar-archive = the tar archive is damaged
deploy-tar-no-manifest = manifest.json is missing
deploy-tar-no-image = manifest.json names no image
deploy-tar-json = { $name } is not the expected JSON
deploy-tar-layers = the manifest names { $named } layers, the configuration lists { $listed }
deploy-tar-missing = { $name } is named in the manifest but missing in the tar
deploy-tar-altered = { $name } in the tar does not match its digest
deploy-tar-checksum = does not have the checksum of SHA256SUMS
deploy-load-folder = { $folder } cannot be read: { $error }
deploy-load-nothing = { $count ->
    [one] One tar is faulty
   *[other] { $count } tars are faulty
 }. Nothing was loaded
deploy-load-tar = { $path } { $fault }
deploy-load-tar-hint = copy the file again and verify it: sha256sum -c SHA256SUMS
deploy-load-missing = no tar in the directory holds { $images }. Nothing was loaded
deploy-load-missing-hint = save them on a machine with internet access: { -wecubectl } deploy images save DIR
deploy-load-unexpected = { $path } also carries { $name }, which is not one of the wanted images
deploy-load-unexpected-hint = save each wanted image alone: docker save -o FILE IMAGE
deploy-progress-started = { $component }: started
deploy-progress-finished = { $component }: finished
deploy-progress-layers = { $done } of { $total } layers
deploy-dir-symlink = { $path } is a symlink to { $target }; wecubectl does not follow symlinks below the root
deploy-dir-not-a-directory = { $path } exists and is not a directory
deploy-dir-blocked = { $count ->
    [one] One directory cannot be created
   *[other] { $count } directories cannot be created
 }. Nothing was written
deploy-dir-system = { $path }: { $error }
deploy-dir-permission-hint = only root can set owners: run the command with sudo, or add --world-writable, which makes log directories world-writable as in the WeCube upgrade guide
deploy-dir-system-hint = fix the cause and run the command again. Finished directories are not repeated
deploy-dir-blocked-hint = name the real directory with --root, or move the other file away
deploy-dir-good = correct
deploy-dir-missing = missing
deploy-dir-differs = owner or mode differs
deploy-dir-created = created
deploy-dir-updated = corrected
deploy-dirs-good = All directories below { $root } are correct
deploy-dirs-changes = { $count ->
    [one] 1 directory or file
   *[other] { $count } directories and files
 } below { $root } to create or correct. Next: { -wecubectl } deploy dirs { FLAG("--root", $root) }
deploy-dirs-changed = { $count ->
    [one] 1 directory or file
   *[other] { $count } directories and files
 } created or corrected below { $root }
deploy-dirs-confirm = This will create or correct { $count ->
    [one] 1 directory or file
   *[other] { $count } directories and files
 } below { $root }. Continue? Type yes:
deploy-dirs-remote = the Docker engine runs on another machine ({ $endpoint }); wecubectl creates directories only on this one
deploy-dirs-remote-hint = run wecubectl deploy dirs on that machine
deploy-dirs-user-unknown = the users of these images are unknown, so their log directories become world-writable, as in the WeCube upgrade guide: { $images }
deploy-dirs-ssh-user-unknown = the ssh user is unknown, so ui-resources becomes world-writable, as in the WeCube upgrade guide. To set an owner, add --ssh-user NAME
deploy-dirs-no-such-user = this host has no user “{ $name }” to own ui-resources
deploy-dirs-no-such-user-hint = create the user, or name another one with --ssh-user NAME
deploy-purpose-home = compose file
deploy-purpose-log = log
deploy-purpose-certs = private key
deploy-purpose-parent = parent directory
deploy-purpose-ui-resources = static files
deploy-wait-process = a running process (status { $status }, { $restarts } restarts)
deploy-wait-answer = an answer ({ $words })
deploy-wait-right-answer = the right answer ({ $words })
deploy-wait-again = a second answer of the same process
deploy-start-healthy = healthy
deploy-start-healthy-version = healthy, version { $version }
deploy-start-slow = runs, but did not answer in time: { $words }
deploy-start-out-of-memory = exits because it needs more memory (exit code { $code })
deploy-start-crash-loop = crash loop: exit code { $code }, { $restarts } restarts
deploy-start-ended = exited with code { $code } and is not restarted
deploy-start-old-container = the container runs a different image: { $container }
deploy-start-wrong-answer = answers, but not as this component: { $words }
deploy-start-other-version = reports version { $reported } instead of { $wanted }: another core answers
deploy-start-gone = the container was removed
deploy-start-port-taken = the port is in use: { $words }
deploy-start-name-taken = the container name is in use: { $words }
deploy-start-engine-down = the Docker engine stopped answering: { $words }
deploy-start-refused = Docker refused: { $words }
deploy-start-not-run = not started: { $cause }
deploy-start-not-reached = not reached
deploy-start-slow-hint = wait longer with --wait 15m, or read its log: a distant or large database makes core slow
deploy-start-crash-hint = read its last log lines below: they usually name what it cannot reach (database, S3)
deploy-start-old-hint = the old container still answers: stop it, or give this deployment other ports
deploy-start-taken-hint = find the owner with docker ps and ss -ltnp; stop it, or change the port or name in the compose file
deploy-start-hint = run docker logs and docker inspect to see more, then run the command again
deploy-conflicts = { $count ->
    [one] One conflict prevents the start
   *[other] { $count } conflicts prevent the start
 }. Nothing was started
deploy-conflict-no-file = the compose file { $path } is missing
deploy-conflict-services = { $path } has { $count } services instead of one
deploy-conflict-no-port = { $path } does not publish the port of its component
deploy-conflict-no-image = the image { $image } is missing
deploy-conflict-port-of-container = { $component } needs port { $port }, which the container { $container } uses
deploy-conflict-port-of-program = { $component } needs port { $port }, which a program on this host uses
deploy-conflict-no-such-address = this host does not have the address { $address }
deploy-conflict-name-runs = the name { $name } belongs to an old container that is still running
deploy-conflict-name = the name { $name } belongs to another container
deploy-conflict-project = another deployment uses the compose project { $project }; compose would remove its container { $container }
deploy-conflict-nothing-to-replace = there is no container { $name } to replace
deploy-conflict-replaces-itself = { $name } belongs to this deployment; its earlier versions are stopped and kept without --replace
deploy-conflict-file-hint = write the compose files: { -wecubectl } deploy render
deploy-conflict-image-hint = pull the images: { -wecubectl } deploy images pull, or load them: { -wecubectl } deploy images load DIR
deploy-conflict-port-hint = choose another port, or stop its owner (docker ps, ss -ltnp). To replace the old platform, add --in-place --replace NAME
deploy-conflict-address-hint = set HOSTIP to an address of the machine that runs Docker (ip addr)
deploy-conflict-name-hint = stop and rename the container (docker stop, docker rename), or remove it if nobody needs it (docker rm)
deploy-conflict-project-hint = give this deployment another root directory, or add --project-prefix NAME
deploy-conflict-replace-hint = list the names: docker ps --all. Leave out --replace for containers of this deployment
deploy-prefix-malformed = --project-prefix expects lower-case letters, digits, - and _, not “{ $prefix }”
deploy-balancer = load balancer
deploy-record-failed = the record of started containers could not be read or written ({ $path }): { $error }
deploy-record-malformed = it is not a record (line { $line })
deploy-up-stopping = { $name }: stopping (the container is kept)
deploy-up-starting = { $component }: starting
deploy-up-waiting = { $component }: waiting for { $reason }
deploy-up-ended = { $component }: { $result }
deploy-up-nothing = All { $count } components are running and healthy. Nothing was started
deploy-up-done = All { $count } components are healthy. Next: { -wecubectl } deploy status { $flags } --login USER --password-file FILE
deploy-up-failed = { $component }: { $result }. { $good } of { $count } components are healthy
deploy-up-balancer-failed = All components are healthy, but core does not answer through the load balancer { $address }
deploy-up-confirm = This will start { $containers }. Continue? Type yes:
deploy-in-place-warning = in-place replacement: orchestrations of the old version will not be visible in the new one. The WeCube upgrade guide recommends running both side by side
deploy-in-place-confirm = This will stop { $old } (the containers are kept), then start { $containers }. Old orchestrations will not be visible. Continue? Type yes:
deploy-in-place-not-confirmed = --yes alone does not confirm that old orchestrations will not be visible. Nothing was written
deploy-in-place-not-confirmed-hint = confirm at a terminal, or add --old-orchestrations-lost
deploy-action-keep = kept
deploy-action-create = started
deploy-action-recreate = recreated
deploy-log-title = Last log lines of { $component }
deploy-addresses-title = Addresses for a load balancer
deploy-health-silent = does not answer: { $words }
deploy-restore = To start { $name } again, run: { $command }
deploy-conflict-forbidden = { $container } runs core { $version } on the same database; the guide of v4.1.0 forbids a core of v4.0.x beside { $wanted }
deploy-conflict-forbidden-hint = stop every core of v4.0.x first; those of this deployment are stopped by deploy up
deploy-upgrade-confirm = This will stop { $old } (kept: deploy rollback starts them again), then start { $containers }. Continue? Type yes:
deploy-rollback-hint = To start the replaced containers again: { -wecubectl } deploy rollback { $flags }
deploy-rollback-warning = a rollback changes containers only. Not undone: tables and rows that database scripts or the new version changed, registered plugins, system variables, compose files (their old content is in .bak-NNNN)
deploy-rollback-confirm = This will stop { $new } (the containers are kept), then start { $old } again. Continue? Type yes:
deploy-rollback-stopped = stopped, kept
deploy-rollback-runs = runs
deploy-rollback-ended = does not run
deploy-rollback-nothing = Nothing to roll back: deploy up replaced no container
deploy-rollback-done = { $count ->
    [one] 1 container runs again
   *[other] { $count } containers run again
 }. Next: log in through the portal
deploy-rollback-failed = { $count ->
    [one] 1 container does not run
   *[other] { $count } containers do not run
 }. Next: docker logs NAME
deploy-rollback-gone = the containers to start again were removed: { $names }. Nothing was changed
deploy-rollback-gone-hint = set WECUBE_VERSION back to the old version and run deploy all --ddl-done
deploy-down-nothing = No container to remove: nothing that wecubectl started is left
deploy-down-done = { $count ->
    [one] 1 container
   *[other] { $count } containers
 } removed; volumes and images are kept
deploy-down-confirm = This will stop and remove { $containers }; volumes and images are kept. Continue? Type yes:
deploy-down-removed = removed
deploy-status-no-container = { $component } has no container
deploy-status-different-image = the container of { $component } runs a different image than its compose file names
deploy-status-not-running = { $component } is not running ({ $status })
deploy-status-silent = { $component } does not answer: { $words }
deploy-status-wrong = { $component } gives a wrong answer: { $words }
deploy-status-healthy = { $component } responds
deploy-status-version = core reports version { $reported }
deploy-status-other-version = core reports version { $reported } instead of { $wanted }
deploy-status-no-version = core does not report its version
deploy-status-through = core responds through { $address }
deploy-status-not-through = core does not respond through { $address }: { $words }
deploy-status-no-login = not tested; add --login USER --password-file FILE
deploy-status-login = { $user } logged in
deploy-status-login-encrypted = { $user } logged in, the password was sent encrypted
deploy-status-login-refused = the platform refuses the login of { $user }: { $words }
deploy-status-login-not-asked = the login could not be tested: { $words }
deploy-status-reached = { $target } accepts connections
deploy-status-bucket = { $target } opens the bucket of plugin packages
deploy-status-ssh = { $target } accepts the ssh login
deploy-status-not-reached = { $target } does not accept connections: { $cause }
deploy-status-checks = Checks
deploy-check-files = compose files
deploy-check-component = { $component }
deploy-check-version = version
deploy-check-routes = portal to core
deploy-check-login = login
deploy-check-s3 = S3
deploy-check-ssh = ssh
deploy-check-good = passed
deploy-check-bad = failed
deploy-check-not-tested = not tested
deploy-status-go = Go: all four services respond, and the login works. Next: { -wecubectl } plan
deploy-status-go-without-login = Go: all four services respond; login was not tested. Next: { -wecubectl } deploy status { $flags } --login USER --password-file FILE, then { -wecubectl } plan
deploy-status-no-go = No go: { $first }
deploy-status-no-go-more = No go: { $first } ({ $count } checks failed, see below)
deploy-password-wide = { $path } is readable by others, so the password was not used
deploy-password-wide-hint = chmod 600 { ARG($path) }
deploy-gate-refused = { $count ->
    [one] deploy lint finds 1 error
   *[other] deploy lint finds { $count } errors
 }. Nothing was started
deploy-gate-finding = { $code } ({ $subject }): { $message }
deploy-gate-hint = correct the env file ({ -wecubectl } explain CODE says how). To accept this, add { $flags }
deploy-step-images = images
deploy-step-migrate = databases
deploy-step-dirs = directories
deploy-step-render = compose files
deploy-step-up = containers
deploy-step-nothing = no change
deploy-step-changed = { $count } changed
deploy-all-steps = Steps
deploy-all-confirm = WeCube { $version }. This will change images: { $images }; directories below { $root }: { $dirs }; files: { $files }; schemas: { $schemas }; containers: { $containers }. Continue? Type yes:
deploy-all-images = { $count ->
    [one] 1 image
   *[other] { $count } images
 } could not be transferred. Nothing else was done
deploy-all-image-failed = { $image }: { $cause }
deploy-all-image-hint = from tars: add --images-from DIR. From a mirror: set image_prefix in the env file
