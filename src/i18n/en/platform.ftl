# Messages of the module platform

# What a platform's version cannot do or tell.

platform-limit-version-newer = This version is newer than every known one. wecubectl treats it as the newest known version.
platform-limit-version-unknown = The platform reports an unreadable version. wecubectl treats it as the oldest version of its generation.
platform-limit-token-cause = This version refuses every bad token with the same message. To see why, run: wecubectl token inspect FILE
platform-limit-no-trace-without-ui = This version gives no way to verify the registration of a plugin without UI.
platform-limit-listing-statuses = This version lists only packages with status UNREGISTERED, REGISTERED or DECOMMISSIONED.
platform-account-no-user = no user in the first line
platform-account-no-password = no password in the second line
platform-account-more-lines = more than two lines

# Why a registration was refused (cause), and what to do (next).

## Token

token-secret-place-file = { $path }
token-secret-place-stdin = standard input
token-secret-wide-mode = { $path } has mode { $mode }: others on this host can use it. Close it with: chmod 600 { ARG($path) }
token-secret-unreadable = { $place }: cannot be read ({ $cause }).
token-secret-bom = { $place }: begins with a byte order mark (BOM), which is not part of a secret. Save the file as UTF-8 without BOM.
token-secret-assignment = { $place }: has a line NAME=VALUE. Write the value alone, without name and quotes.
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

token-mint-failed = the token cannot be signed: { $cause }
token-mint-no-header = the token does not fit into a header

token-clock-server-ahead = The clock of { $server } is { $seconds } s ahead of this host's. wecubectl adjusts its tokens; users' logins and plugins may fail. Set both clocks by NTP.
token-clock-server-behind = The clock of { $server } is { $seconds } s behind this host's. wecubectl adjusts its tokens; users' logins and plugins may fail. Set both clocks by NTP.

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




token-refusal-no-bearer = v3 wants "Bearer " before it exactly (capital B, one space) and takes anything else for no token
token-refusal-bearer-spelling = what stands before it is not cut off: write "Bearer " with a capital B and one space
token-refusal-bearer-alone = there is no token behind Bearer
token-refusal-algorithm = signed with { $found }; only HS256, HS384 and HS512 are accepted
token-refusal-no-algorithm = its header names no algorithm
token-refusal-padded = a part of it ends with =; v4 auth-server wants base64url without padding
token-refusal-unsigned = it has no signature
token-refusal-another-key = it is signed with a different seed
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

token-limitation-any-of = { $operation }: denied (HTTP 200, { $denial }); wants one of { $authorities }
token-limitation-all-of = { $operation }: denied (HTTP 200, { $denial }); wants all of { $authorities }
token-operation-package-details = reading a package's instances, dependencies and menus
token-operation-register = registering a package
token-operation-upload = uploading a package
token-operation-read-variables = reading system variables
token-operation-write-variables = changing system variables
token-operation-all-menus = reading all menus
token-operation-servers = reading resource servers
token-limitation-never-expires = it never expires there
token-limitation-milliseconds = exp is in milliseconds and read as seconds: it expires in many thousand years
token-limitation-refresh-token = it is a refresh token and passes all the same
token-limitation-no-user = sub is no text, so the platform writes a name like %!s(<nil>) into its records
token-limitation-no-authorities = no authority is read from it: the form is [A,B]
token-limitation-spaces-kept = spaces in authority are kept: " B" is not "B"

# Why a call failed.

cause-unspecified = no details
cause-at = { $place }: { $cause }
cause-through = { $cause } (through the proxy { $proxy })
cause-said = { $words }
cause-unknown-host = the host name cannot be resolved
cause-port-refused = the port refuses the connection
cause-connect-timeout = no connection in time
cause-no-connection = no connection: { $reason }
cause-tls = TLS failed: { $reason }
cause-tls-expired = the certificate has expired
cause-tls-not-yet-valid = the certificate is not valid yet
cause-tls-wrong-name = the certificate is for another host name
cause-tls-unknown-issuer = the certificate is not signed by a trusted authority
cause-tls-client-certificate = the server wants a client certificate that it trusts
cause-tls-nothing-in-common = the server supports no TLS version or cipher that wecubectl supports
cause-tls-not-tls = the server does not speak TLS on this port
cause-tls-only-tls = the address is http, but the server speaks TLS on this port
tls-hint-authority = trust its authority, or the certificate itself, with --ca-file FILE (PEM)
tls-hint-client-certificate = give a certificate with --client-cert FILE --client-key FILE
tls-hint-address = use the address { $address }
tls-no-certificate = the file of certificate authorities holds no PEM certificate
tls-bad-certificate = certificate { $number } of the file of certificate authorities cannot be read: { $reason }
tls-setup = TLS cannot be set up: { $reason }
tls-client-certificate = the client certificate or its key cannot be read, or they do not belong together
cause-no-answer = no answer within { $limit }
cause-stalled = the answer stopped after { $bytes } bytes and did not continue for { $limit }
cause-unfinished = the answer was not complete after { $limit } ({ $bytes } bytes received)
cause-run-over = the time of the run was over before the answer (--deadline)
cause-broken = the connection broke before the answer
cause-not-http = the answer is not HTTP
cause-cut-off = the connection broke in the middle of the answer, which begins: { $begins }
cause-too-large = the answer is larger than { $limit } bytes
cause-bad-path = { $path } is not a path of this instance
cause-bad-request = the request cannot be built: { $reason }
cause-no-token = no token: { $cause }
cause-token-timeout = no token in time
cause-no-seed = no seed is known
cause-repeated = { $cause } (tried { $attempts } times)
cause-not-asked = not requested, because earlier requests failed: { $cause }
cause-redirect = HTTP { $http } redirects to { $location }
cause-redirect-nowhere = HTTP { $http } redirects without an address
cause-second-document = { $cause }, then a second document, which is ignored
cause-too-deep = the JSON is nested deeper than { $levels } levels
cause-too-many-values = the answer takes more than { $mib } MiB of memory, seen at { $field }
cause-status-ok = HTTP { $http }, but `status` is OK
cause-no-message = HTTP { $http } without a message
cause-no-message-code = HTTP { $http } with code { $code } and without a message
cause-asks-confirmation = the platform asks for a confirmation: { $words }
cause-http-said = HTTP { $http }: { $words }
cause-not-identified = this address did not prove to be a portal, so a missing file proves nothing: { $cause }
cause-serves-what-is-not-there = this portal answers HTTP { $http }, not 404, for a file that does not exist, so its answers prove nothing
cause-http = HTTP { $http }
cause-gateway-not-found = HTTP 404: 404 page not found (the gateway also answers this if core is down)
cause-answers-as = this address also answers as a { $role }, so it may be a { $role } or a load balancer
cause-of-either-instance = both instances answer alike, so it is unknown to which one this address belongs
cause-gateway-without-core = { $cause }: a gateway answers here, but core behind it does not
cause-not-envelope = HTTP { $http }: { $body }
cause-body-empty = an empty body
cause-body-not-text = { $bytes } bytes that are not text
cause-body-html = HTML: { $begins }
cause-body-not-json = not JSON: { $begins }
cause-body-cut-off = JSON cut off after { $bytes } bytes: { $begins }
cause-body-second-document = more than one document, the second: { $begins }
cause-body-not-an-object = JSON { $kind } instead of an object
cause-body-no-status = JSON without `status`: { $begins }
cause-body-unknown-status = JSON with the unknown `status` { $status }
cause-not-a-version = data: not a text where a version was expected
cause-unexpected-data = { $path }: { $reason }
cause-json-array = array
cause-json-null = null
cause-json-string = string
cause-json-number = number
cause-json-boolean = boolean
cause-data-missing = the field "{ $name }" is missing
cause-data-flag = "{ $name }" is neither yes nor no
cause-data-number = "{ $name }" is not a number that fits
cause-data-empty = it is empty, but the row means nothing without it
cause-data-type = wrong type ({ $words })
cause-missing-rows = { $rows } of { $total } rows
cause-no-access-token = the answer holds no access token
cause-no-package = no package has the id { $id } any more
cause-side-not-opened = this side was not opened for it
cause-bad-file-path = not requested: the path { $reason }
cause-path-empty = is empty
cause-path-not-from-root = does not begin with /
cause-path-other-host = begins with two slashes, so a browser takes what follows for a host name
cause-path-dot-segment = contains a `.` or `..` segment
cause-path-backslash = contains a backslash
cause-path-control = contains a control character
cause-no-length = the portal tells no length
cause-core-restarted = core was started again, so that the registration has ended
cause-sent-by-run = run { $run } sent it and ended before the answer

# Why a plugin is not reached.

reach-seen = { $gateway }; { $instances }
reach-list = { $all }, { $next }
reach-no-route = the gateway has no route to it
reach-no-answer = the gateway gets no answer from it
reach-not-found = the gateway answers 404 page not found
reach-not-found-despite-route = the gateway answers 404 page not found although it has a route
reach-unclear = the gateway, or a proxy in front of it, answers in place of the plugin
reach-gateway-silent = the gateway did not answer: { $cause }
reach-no-address = no instance has an address
reach-port-refused = { $address } refuses the connection
reach-port-answers = { $address } answers HTTP { $status }
reach-port-open = { $address } is open
reach-port-no-address = { $address }: the platform lists no address
reach-port-loopback = { $address } means the gateway's host, not this one
reach-port-timeout = { $address }: no connection from this host in time
reach-port-no-connection = { $address }: no connection from this host ({ $reason })

role-core = core
role-gateway = gateway
role-portal = portal
role-wrong = { $address } is given as the { $role } of the { $side } instance, but a { $is } answers there
role-wrong-instance = { $address } is given as the { $role } of the { $side } instance ({ $version }), but it belongs to another instance
role-foreign = { $address } is given as the { $role } of the { $side } instance, but it is no WeCube server: it forwards nothing to core
role-hint-right = use the address that is the { $role } of the { $side } instance: --{ $flag } { $right }
role-hint-none = give the address of the { $role } itself (port { $port } in the upgrade guide): --{ $flag } ADDRESS
