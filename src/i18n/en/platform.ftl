# Messages of the room: platform

# What a platform's version cannot do or tell.

platform-limit-version-newer = This version is newer than any that was read; it is treated like the newest known one.
platform-limit-version-unknown = What the platform tells as its version says nothing; it is treated like the oldest of its generation, which promises the least.
platform-limit-token-cause = This version answers every refused token with the same words, so why it refused one must be told from the token itself.
platform-limit-no-trace-without-ui = On this version the register of a package without UI leaves no trace that could prove it.
platform-limit-listing-statuses = This version lists packages that are UNREGISTERED, REGISTERED or DECOMMISSIONED; in any other status it does not show them.

# Why a register was refused (cause), and what to do (next).

platform-cause-unknown-package = Core does not know the package: it was removed meanwhile, or this core stands on another database.
platform-next-unknown-package = Run plan again; if it still names the package, check that core and the listing come from the same instance.
platform-cause-platform-too-old = The plugin asks for a newer platform than this one, or core's `version` setting is not a number.
platform-next-platform-too-old = Register a version of the plugin that fits this platform, or correct core's environment variable `version`.
platform-cause-dependency = A package that the plugin depends on is not registered, or not new enough: v4 wants it strictly newer than declared, v3 the same or newer.
platform-next-dependency = Upload and register a newer version of that package, then run apply again.
platform-cause-decommissioned = The package has been removed (DECOMMISSIONED); a v3 does not register it again.
platform-next-decommissioned = Upload the package again, or choose another version with --pick-version.
platform-cause-too-many-versions = More than two other versions of the plugin are active; a v3 refuses another one.
platform-next-too-many-versions = Decommission a version that nobody uses in the portal, then run apply again.
platform-cause-menu-undeclared = The package grants a menu to a role that its own register.xml does not declare.
platform-next-menu-undeclared = Ask for a corrected package; nothing on the platform can repair it.
platform-cause-version-unreadable = A version has a part that is not a number, which a v3 cannot compare.
platform-next-version-unreadable = Use a package whose version, and those of its dependencies, consist of numbers and dots.
platform-cause-no-index-html = The package's ui.zip holds no index.html. A v3 accepts such a package, a v4 does not; the files have been copied nevertheless.
platform-next-no-index-html = Ask for a package whose ui.zip holds index.html, upload it and register that version.
platform-cause-ui-package = Core could not unpack the package's ui.zip: the file in S3 is damaged, or core's disk is full.
platform-next-ui-package = Upload the package again; if it fails in the same way, look at the disk of core's host.
platform-cause-s3-object-missing = The package's ui.zip is not in S3.
platform-next-s3-object-missing = Check that core uses the same S3 and the same bucket as the instance that the package was uploaded to, or upload it again.
platform-cause-ssh-password = The static resource host refuses core's ssh password.
platform-next-ssh-password = Correct the user and password of the static resource server in core's settings, start core again, then run apply again.
platform-cause-ssh-host-key = Core does not know the static resource host's key yet: it learns the keys once, in the background, after its start.
platform-next-ssh-host-key = Wait a minute and run apply again; if it stays so, start core again while the host is reachable.
platform-cause-ssh-unreachable = Core gets no ssh connection to the static resource host: it is down, its address or port is wrong, or it refuses because too many connections open at once. A v3 fails so too where the host's OpenSSH no longer offers SHA-1 key exchange.
platform-next-ssh-unreachable = Connect from core's host with ssh to that address; if that works, run apply again with a smaller --parallel.
platform-cause-ssh-overload = The static resource host dropped an ssh connection because too many were opening at once; it had taken another one a moment before.
platform-next-ssh-overload = Nothing need be changed: run apply again, with a smaller --parallel if it happens often.
platform-cause-static-copy = The copy to the static resource host failed: no write permission, a full disk, or too many ssh connections at once.
platform-next-static-copy = Check owner and free space of the static resource directory; if both are right, run apply again with a smaller --parallel.
platform-cause-static-not-writable = The ssh user may not create the plugin's directory on the static resource host.
platform-next-static-not-writable = Give that user write permission for the directory that core's static_resource_server_path names.
platform-cause-static-disk = The disk of the static resource host is full.
platform-next-static-disk = Make room there, then run apply again.
platform-cause-static-unpack = Unpacking ui.zip on the static resource host ended with a warning or without permission; some files may be there already.
platform-next-static-unpack = Check that the ssh user owns the files of the plugin's directory there, then run apply again.
platform-cause-copy-damaged = The copy of ui.zip on the static resource host is damaged, although core could unpack the original: the disk there is full, or another register of the same package wrote it at the same time.
platform-next-copy-damaged = Run apply again; if it stays so, look at the free space of the static resource host.
platform-cause-unzip-missing = The static resource host has no `unzip`.
platform-next-unzip-missing = Install unzip on that host, then run apply again.
platform-cause-remote-command = A command on the static resource host failed, for a reason that its exit status does not tell.
platform-next-remote-command = Run apply again; if it fails in the same way, look into core's log for the command and try it by hand.
platform-cause-mixed-folder = Two registers within one millisecond shared a working folder of the v3; another plugin may now carry wrong files.
platform-next-mixed-folder = Register the plugin again, alone, and compare the files of every plugin that was registered at the same time.
platform-cause-static-config = Core has no static resource host in its settings.
platform-next-static-config = Set static_resource_server_ips and the settings beside it, start core again, then run apply again.
platform-cause-core-disk = Core cannot write to its own temporary directory: its disk is full, or it has no permission there.
platform-next-core-disk = Make room in /tmp of core's container (a v4 before v4.3.0 never empties it), then run apply again.
platform-cause-core-image = A program that a register needs (sshpass, ssh, scp or unzip) is missing in core's image.
platform-next-core-image = Start core from the platform's own image.
platform-cause-s3-access = S3 refuses core: wrong address, wrong keys, or the bucket does not exist.
platform-next-s3-access = Compare core's S3 settings with those of the old instance, start core again, then run apply again.
platform-cause-s3-unreachable = Core gets no answer from S3.
platform-next-s3-unreachable = Check that S3 is running and that core's host reaches it, then run apply again.
platform-cause-database-lock = The database let another register pass first (a deadlock or a lock wait); the plugin's files have been copied already.
platform-next-database-lock = Nothing need be changed: run apply again.
platform-cause-database-busy = The database accepts no more connections.
platform-next-database-busy = Run apply again with a smaller --parallel, or raise the database's limit.
platform-cause-database-schema = The database lacks a column or a table that this version of core needs.
platform-next-database-schema = Apply the platform's database scripts up to core's version, in their order.
platform-cause-database-error = The database refused to write the result of the register.
platform-next-database-error = Read the database's words above; if they name no fault of the data, run apply again.
platform-cause-auth-server = Core got no answer from auth-server, which it asks for the plugin's roles.
platform-next-auth-server = Check that auth-server is running, then run apply again.
platform-cause-server-error = Core failed inside while it registered the plugin; what it had done until then stays.
platform-next-server-error = Look into core's log at that moment, then run apply again.
platform-cause-token-refused = Core refused the token: the seed differs from core's, or the clocks differ.
platform-next-token-refused = Check the seed with token inspect, and the clocks of both hosts.
platform-cause-permission = The token's authorities do not suffice for a register.
platform-next-permission = Leave out --authority, or add those that the platform's version wants (COLLABORATION_PLUGIN_MANAGEMENT from v4.4 on).
platform-cause-rate-limited = Something before core limits how often it may be asked (HTTP 429).
platform-next-rate-limited = Run apply again with a smaller --parallel, or give core's own address.
platform-cause-unavailable = Something before core takes no requests for it at the moment (HTTP 503).
platform-next-unavailable = Check that core is running, then run apply again.
platform-cause-endpoint-absent = The server at core's address has no such endpoint.
platform-next-endpoint-absent = Check that the address given for core is core's own, not that of another component.
platform-cause-redirected = The server answered with a redirect, which is never followed: the token stays with the address that was given.
platform-next-redirected = Give the address that it points to, if that is the platform's.
platform-cause-not-wecube = What answered is not a WeCube platform: a login page or an error page of a proxy.
platform-next-not-wecube = Check core's address and what stands between, or give core's own address.
platform-cause-unrecognised = The platform gave a reason that is not known here; its own words are above.
platform-next-unrecognised = Search core's log for these words; if they name nothing that must be repaired, run apply again.
## Token

token-secret-place-file = { $path }
token-secret-place-stdin = standard input
token-secret-wide-mode = { $path } has mode { $mode }: others on this host can use it. Close it with: chmod 600 { $path }
token-secret-missing = { $place }: there is no such file. Check the path, or give - to read from standard input.
token-secret-denied = { $place }: this user may not read it. Give it to this user with mode 0600, or run as its owner.
token-secret-directory = { $place }: is a directory. Give a file that holds the secret alone.
token-secret-unreadable = { $place }: cannot be read ({ $cause }).
token-secret-empty = { $place }: is empty. Put the secret into it, on one line. If the platform runs with its own default seed, write that seed there.
token-secret-too-large = { $place }: holds more than { $limit } bytes, so it is not a secret alone. Check that it is the right file.
token-secret-not-utf8 = { $place }: byte { $position } is not UTF-8 text. Check that it is the right file.

token-seed-rule-alphabet = character { $position } is outside A-Z a-z 0-9 + /
token-seed-rule-padding = character { $position } is Base64 padding (=), which v4 does not take even where Base64 wants it
token-seed-rule-left-over = character { $position } is left over: the length, line breaks not counted, must not leave 1 when divided by 4
token-seed-rule-no-bytes = it decodes to an empty key, with which v3 does not sign, and on v4 anybody could
token-seed-rule-blank = it is blank, and v3 core does not replace a blank seed by the default one
token-seed-only-v3 = The seed works on v3 and not on v4: { $rule }. With it v4's auth-server does not start and v4 core answers 401 to every token. Choose a seed of A-Z a-z 0-9 + / whose length does not leave 1 when divided by 4, set it on both sides, and restart both.
token-seed-only-v4 = The seed works on v4 and not on v3: { $rule }. Leave the setting out on v3 or write the default seed there in full, and give that seed here.
token-seed-refused = The seed gives no key: { $rule }. Check that it is the whole seed as the platform has it (JWT_SIGNING_KEY) and nothing else.
token-seed-component-seed = { $component }: takes its key from this seed
token-seed-component-default = { $component }: takes the platform's default seed instead of this one
token-seed-component-refused = { $component }: does not work with this seed: { $rule }

token-script-ends-replacement = Character { $position } ends the sed command of the container's start script: the value is not set at all, the placeholder stays, and v4 core goes on with the platform's default seed. Choose a value without ~ & \ " and control characters.
token-script-breaks-command = Character { $position } is a line break, on which the sed command of the container's start script fails: the value is not set at all. Write the value on one line.
token-script-inserts-placeholder = Character { $position } is replaced by the name of the placeholder in the container's start script (sed). Choose a value without ~ & \ " and control characters.
token-script-escapes = Character { $position } escapes what follows it in the container's start script (sed): another value arrives. Choose a value without ~ & \ " and control characters.
token-script-breaks-json = Character { $position } breaks the JSON file that the container's start script writes: the process does not start. Choose a value without ~ & \ " and control characters.

token-identity-user = The user name
token-identity-authority = Authority { $nth }
token-identity-empty = { $part } is empty.
token-identity-comma = { $part } has a comma in it. Give --authority once for each authority.
token-identity-bracket = { $part } has a bracket in it; brackets enclose the list of authorities in a token.
token-identity-space = { $part } has a space in it; v4 does not trim spaces, so the name would match nothing.
token-identity-control = { $part } has a control character in it.
token-identity-too-long = { $part } has more than { $limit } characters; v4.2 and later have no room for more in the column that says who registered a package.

token-mint-failed = No token could be signed: { $cause }.
token-mint-no-header = The token that was made does not fit into a header line.
token-minted-user = user (sub): { $user }
token-minted-authorities = authorities: { $authorities }
token-minted-life = expires: { $expires } ({ $seconds } s from now on the server)
token-minted-issued = issued: { $issued } ({ $seconds } s back, because v4 refuses a token from its future)

token-clock-server-ahead = The clock of { $server } is { $seconds } s ahead of this host's. Our tokens follow it; users' logins and plugins may not. Set both clocks by NTP.
token-clock-server-behind = The clock of { $server } is { $seconds } s behind this host's. Our tokens follow it; users' logins and plugins may not. Set both clocks by NTP.

token-malformed-empty = there is no token
token-malformed-too-large = it has { $bytes } bytes; no server takes a header that long
token-malformed-parts = it has { $count ->
    [one] { $count } part
   *[other] { $count } parts
 } where a token has three, with dots between them
token-malformed-base64 = its { $part } is not base64url
token-malformed-json = its { $part } is not a JSON object
token-part-header = header
token-part-payload = payload
token-part-signature = signature

token-claim-alg = how it is signed; the platform takes HS256, HS384 and HS512 and signs with HS512 itself
token-claim-typ = no version looks at it
token-claim-other = no version looks at it
token-claim-sub = the user in audit columns; no version checks that the user exists
token-claim-iat = when it was issued: { $when }. v4 refuses it while this lies ahead, v3 does not look at it
token-claim-exp = good until { $when }. Required on v4, whole seconds since 1970
token-claim-nbf = good from { $when }. v3 and v4 core look at it, v4 auth-server does not
token-claim-type = v3 wants accessToken; v4 does not look at it
token-claim-client-type = matters only when a token is refreshed
token-claim-authority = role names and menu codes, one text of the form [A,B] without spaces
token-claim-roles = only v4 auth-server reads it
token-claim-need-register = when true, v4 auth-server lets the bearer only apply for roles
token-when-now = { $time } (now)
token-when-ahead = { $time } ({ $seconds } s ahead)
token-when-past = { $time } ({ $seconds } s ago)
token-when-no-time = no time (not a number)

token-carriage-bare = There is no Bearer before it. What follows holds for "Authorization: Bearer TOKEN"; without that word v3 takes it for no token at all, v4 takes it.
token-carriage-spelling = What stands before the token is not exactly "Bearer " (capital B, one space).

token-verdict-passes = { $component }: accepts it
token-verdict-limited = { $component }: accepts it, but denies some of what this program does
token-verdict-refused = { $component }: refuses it with { $answer }
token-answer-unauthorized = 401
token-answer-server-error = 500
token-answer-crash = 500 (it panics; two JSON documents in one body, and the request is carried out all the same)

token-refusal-no-bearer = v3 wants "Bearer " before it exactly (capital B, one space) and takes anything else for no token
token-refusal-bearer-spelling = what stands before it is not cut off: write "Bearer " with a capital B and one space
token-refusal-bearer-alone = there is no token behind Bearer
token-refusal-algorithm = signed with { $found }; only HS256, HS384 and HS512 are accepted
token-refusal-no-algorithm = its header names no algorithm
token-refusal-padded = a part of it ends with =; v4 auth-server wants base64url without padding
token-refusal-unsigned = it has no signature
token-refusal-another-key = it is signed with another seed than the given one
token-refusal-expired = it expired { $seconds } s ago
token-refusal-issued-ahead = its iat lies { $seconds } s in the server's future, and v4 allows no difference between clocks: issue it earlier, or set the clocks
token-refusal-not-yet-valid = its nbf lies { $seconds } s ahead
token-refusal-exp-missing = it has no exp, which v4 requires
token-refusal-time-not-number = { $claim } is not a number; write whole seconds since 1970, without quotes
token-refusal-time-not-whole = { $claim } has a fraction or an exponent; v4 auth-server takes whole seconds alone
token-refusal-type-missing = it has no type; v3 wants accessToken
token-refusal-refresh-token = it is a refresh token; v3 wants an access token
token-refusal-type-other = its type is { $found }; v3 wants accessToken
token-refusal-authority-missing = it has no authority, which v3 requires
token-refusal-authority-array = authority is an array; write one text: "[A,B]"
token-refusal-authority-other = authority is no text; write "[A,B]"
token-refusal-authority-too-short = authority has fewer than two characters, which makes v4 core panic; v4.0's own refresh tokens are like that
token-refusal-sub-empty = sub is empty; v4 core wants a user name
token-refusal-wrong-type = { $claim } is of a type that v4 auth-server cannot decode
token-refusal-needs-registration = needRegister is true: v4 auth-server lets the bearer only apply for roles

token-lack-any-of = { $operation }: denied (HTTP 200, { $denial }); wants one of { $authorities }
token-lack-all-of = { $operation }: denied (HTTP 200, { $denial }); wants all of { $authorities }
token-operation-package-details = reading a package's instances, dependencies and menus
token-operation-register = registering a package
token-operation-upload = uploading a package
token-operation-read-variables = reading system variables
token-operation-write-variables = changing system variables
token-operation-all-menus = reading all menus
token-operation-servers = reading resource servers
token-lack-never-expires = it never expires there
token-lack-milliseconds = exp is in milliseconds and read as seconds: it expires in many thousand years
token-lack-refresh-token = it is a refresh token and passes all the same
token-lack-no-user = sub is no text, so the platform writes a name like %!s(<nil>) into its records
token-lack-no-authorities = no authority is read from it: the form is [A,B]
token-lack-spaces-kept = spaces in authority are kept: " B" is not "B"
