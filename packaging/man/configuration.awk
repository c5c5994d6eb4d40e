#!/usr/bin/awk -f
# SPDX-License-Identifier: Apache-2.0
# Makes busbar.json(5) of the tables of keys in config/README.md, so that there is one list of them.

function plain(text) {
    gsub(/\[[^\]]*\]\([^)]*\)/, "", text)      # a link leads nowhere from a manual page
    gsub(/\\/, "\\e", text)
    gsub(/`/, "", text)
    gsub(/^ +| +$/, "", text)
    if (text ~ /^[.']/) text = "\\&" text
    return text
}

BEGIN {
    print ".\\\" SPDX-License-Identifier: Apache-2.0"
    print ".Dd November 23, 2026\n.Dt BUSBAR.JSON 5\n.Os Busbar\n.Sh NAME\n.Nm busbar.json\n.Nd configuration of the Busbar gateway"
    print ".Sh DESCRIPTION\nThe configuration that\n.Xr busbard 8\nreads at its start and on SIGHUP: JSON in which // and /* */ comments are allowed.\nInstalled it is"
    print ".Pa /var/lib/busbar/config.json .\nUnknown keys are errors;\n.Ic busbard --check\ntells all of them with what would be right.\nA key below another is written here with a dot; \"required\" means wherever its object is."
}
/^# 2\./ { exit }
/^### / { if (open) print ".El"; open = 0; print ".Ss " plain(substr($0, 5)); next }
/^\| *`/ {
    split($0, cell, / *\| */)
    if (!open) print ".Bl -tag -width Ds"
    open = 1
    print ".It Cm " plain(cell[2])
    value = plain(cell[3]); fallback = plain(cell[4])
    line = value
    if (fallback == "required" || fallback ~ /^required/) line = line "; " fallback
    else if (fallback != "") line = line "; default: " fallback
    print plain(line) (line == "" ? "" : ".") (cell[5] == "" ? "" : "\n" plain(cell[5]))
}
END {
    if (open) print ".El"
    print ".Sh FILES\n.Bl -tag -width Ds\n.It Pa /var/lib/busbar/config.json\nthe configuration as installed\n.It Pa /usr/share/busbar/gateway.schema.json\nits JSON Schema, for editors\n.El"
    print ".Sh SEE ALSO\n.Xr busbarctl 1 ,\n.Xr busbard 8"
}
