# The resource file list → the addresses of scripts and styles; an error unless every registration left its
# traces: new ids of the rows, and the status of the package.
($before[0].data | map({(.id): true}) | add) as $old
| (.data | map({(.pluginPackageId): true}) | add) as $listed
| if any(.data[]; $old[.id]) then error("rows from before the registrations") else . end
| if all($packages[0].data[]; .status == "REGISTERED" and $listed[.id]) then . else error("not all registered") end
| .data[].relatedPath | select(endswith(".js", ".css")) | $portal + .
