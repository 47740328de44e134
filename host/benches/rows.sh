# A table of what commands cost, for the scripts beside it; `times` is the example of that name in `adapter/`.

# head: what the table is of, and its first lines.
head_of_table() { # PROFILE
    printf '\n%s cores, %s, load %s\n\n' "$(getconf _NPROCESSORS_ONLN)" "profile $1" "$(uptime | sed 's/.*average[s]*: //')"
    line='| %-52s | %6s | %9s | %9s | %9s | %9s | %13s |\n'
    # shellcheck disable=SC2059
    printf "$line" command runs 'min ms' 'median ms' 'max ms' 'peak MiB' 'µs per ticket'
    # shellcheck disable=SC2046,SC2059
    printf "$line" --- $(printf -- '--: %.0s' {1..6})
}

# row NAME RUNS TICKETS COMMAND…: one line of the table, and the time for each ticket where there are many.
# The first run is not counted. BEFORE is a command of the shell that is done before each run and not timed.
row() {
    local name=$1 count=$2 tickets=$3 each='' min median max peak
    shift 3
    local times=(env -i HOME="$world/home" PATH="$PATH" BEFORE="${BEFORE-}" "$world/times")
    "${times[@]}" 1 "$@" > /dev/null
    read -r min median max peak < <("${times[@]}" "$count" "$@")
    if ((tickets > 0)); then
        each=$(awk -v ms="$median" -v tickets="$tickets" 'BEGIN { printf "%.1f", ms * 1000 / tickets }')
    fi
    # shellcheck disable=SC2059
    printf "$line" "$name" "$count" "$min" "$median" "$max" "$peak" "$each"
}
