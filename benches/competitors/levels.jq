# Packages → for each level a line with the ids of its packages; a level needs only those before it.
(.data | map(select(.status == "REGISTERED" and .uiPackageIncluded))) as $packages
| ($packages | map({(.name): true}) | add) as $names
| ($dependencies[0] | map({(.packageName): (.dependencies | map(.packageName | select($names[.])))}) | add) as $needs
| {left: $packages, done: {}, levels: []}
| until(.left == [];
    .done as $done
    | def ready: all($needs[.name][]; $done[.]);
      (.left | map(select(ready))) as $level
    | if $level == [] then error("the dependencies form a cycle") else . end
    | .levels += [$level | map(.id)]
    | .left |= map(select(ready | not))
    | .done += ($level | map({(.name): true}) | add))
| .levels[] | join(" ")
