# SPDX-License-Identifier: MIT
# Buffers, metas and pools: the same work by ours, by GStreamer and by FFmpeg in one program
# (tests/bench/memory), what repeats exactly as gates, times as ratios. README.md has the method.

# ROW INSTRUCTIONS: at most; twice what a prototype with the same shape, but without any check, needs
# for the operation. A third number is the limit where that is out of reach; README.md says why.
memory_gates='
buffer-memory-2-metas 132
meta-add-remove 18 26
map-frame 50
ref 18
copy-shallow 150
pool 84'

# ROW PEER RATIO: goals of the times; reported, never failed
memory_goals='
pool gst 8
pool av-buffer 8
pool-hand-over gst 3
pool-both-threads gst 4
pool-activate gst 15
buffer-memory-2-metas gst 12
meta-add-remove gst 25
map-frame gst 12
map-buffer gst 4.5
map-memory gst 2.3
copy-shallow gst 6
copy-deep floor 0.971
ref floor 0.909'

# Rows that make memory or whole pools, so that heap and kernel have their part.
memory_makes='pool-activate copy-deep'

# Two threads wake each other at the start of a part, which is not always one call; while they work
# they make none. Of the 2 N operations that a count is divided by, at most so many may have made one.
memory_two_threads_tolerance=0.01

# "ROW SIDE NUMBER", each times that many operations: into $work/WHAT, a line per contender. What a
# tool did not count is "-", which no gate takes for 0.

count_memory_allocations() { # TIMES
  [ -e "$lib/count_allocations.so" ] ||
    fail "memory: cannot count allocations without $lib/count_allocations.so; build count_allocations"
  G_SLICE=always-malloc LD_PRELOAD="$lib/count_allocations.so" "$bin/memory_bench" counts "$1" \
    >"$work/allocations"
}

count_memory_system_calls() { # TIMES
  strace -f -s 100 -o "$work/strace" "$bin/memory_bench" counts "$1" >/dev/null
  awk -v times="$1" '
    /write\(-1, "mark none"/ { part = ""; next }
    /write\(-1, "mark / {
      sub(/.*"mark /, ""); sub(/".*/, ""); split($0, word, " ")
      name = word[1] " " word[2]; part = word[3]; scale = word[4]
      if (!(name in scales)) order[++names] = name
      scales[name] = scale
      parts[name, part]
      next
    }
    part != "" && !/ resumed>/ { calls[name, part]++ }
    END {
      for (i = 1; i <= names; i++) {
        name = order[i]
        if (!((name, "few") in parts && (name, "many") in parts)) { print name, "-"; continue }
        printf "%s %.4f\n", name, (calls[name, "many"] - calls[name, "few"]) / (2 * scales[name])
      }
    }' "$work/strace" >"$work/system-calls"
}

count_memory_instructions() { # TIMES
  rm -rf "$work/callgrind"
  mkdir "$work/callgrind"
  valgrind --quiet --tool=callgrind --instr-atstart=no --callgrind-out-file="$work/callgrind/out" \
    "$bin/memory_bench" counts "$1" >/dev/null 2>"$work/valgrind" ||
    { cat "$work/valgrind" >&2; fail "memory: the bench failed under callgrind"; }
  cat "$work"/callgrind/out.* | awk '
    /^desc: Trigger: Client Request: / {
      name = $5 " " $6; part = $7; scales[name] = $8
      if (part == "few") order[++names] = name
    }
    /^totals:/ && name != "" { instructions[name, part] = $2; name = "" }
    END {
      for (i = 1; i <= names; i++) {
        name = order[i]
        if (!((name, "many") in instructions)) { print name, "-"; continue }
        each = (instructions[name, "many"] - instructions[name, "few"]) / (2 * scales[name])
        printf "%s %.2f\n", name, each
      }
    }' >"$work/instructions"
}

memory_count() { # WHAT ROW SIDE
  awk -v row="$2" -v side="$3" '$1 == row && $2 == side { print $3 }' "$work/$1"
}

# The rows of one count, ours beside each peer, where one of the two is not 0.00.
memory_count_rows() { # WHAT
  local operation side theirs ours
  while read -r operation side theirs; do
    ours=$(memory_count "$1" "$operation" ours)
    [ "$side" != ours ] && [ -n "$ours" ] || continue
    ours=$(rounded "$ours") theirs=$(rounded "$theirs")
    [ "$ours $theirs" = '0.00 0.00' ] || row memory "$operation/$side/$1" "$ours" "$theirs" per-time
  done <"$work/$1"
}

rounded() { # NUMBER: what is no number stays as it is
  if is_number "$1"; then printf '%.2f\n' "$1" | sed 's/^-0.00$/0.00/'; else echo "$1"; fi
}

exactly_0() { [[ $1 =~ ^-?0(\.0+)?$ ]]; }

is_number() { [[ $1 =~ ^-?[0-9]+(\.[0-9]+)?$ ]]; }

at_most() { is_number "$1" && awk -v number="$1" -v most="$2" 'BEGIN { exit !(number <= most) }'; }

above_0() { is_number "$1" && ! at_most "$1" 0; }

# Whatever memory_bench says that we do must have been counted, and cost nothing.
memory_hold_at_0() { # WHAT
  local operation side threads number
  while read -r operation side threads; do
    [ "$side" = ours ] || continue
    number=$(memory_count "$1" "$operation" ours)
    if [[ " $memory_makes " == *" $operation "* ]]; then
      must "the $1 of $operation are counted (its row says '$number')" is_number "$number"
    elif [ "$1" = system-calls ] && [ "$threads" = 2 ]; then
      must "$operation costs no $1 (it costs '$number' each time)" \
        at_most "$number" $memory_two_threads_tolerance
    else
      must "$operation costs no $1 (it costs '$number' each time)" exactly_0 "$number"
    fi
  done <"$work/contenders"
}

memory_hold_instructions() {
  local operation side threads number goal most more=0
  while read -r operation side threads; do
    [ "$side" = ours ] && [ "$threads" = 1 ] || continue
    number=$(memory_count instructions "$operation" ours)
    must "the instructions of $operation are counted (its row says '$number')" above_0 "$number"
  done <"$work/contenders"
  # Promises that are checked at run time cost some instructions, too.
  grep -qs '^MILLRACE_DCHECKS:BOOL=ON' "$folder/CMakeCache.txt" && more=4
  while read -r operation goal most; do
    [ -n "$operation" ] || continue
    number=$(memory_count instructions "$operation" ours)
    most=$((${most:-$goal} + more))
    row memory "$operation/limit/instructions" "${number:--}" "$most" per-time
    must "$operation takes at most $most instructions (it takes '$number')" \
      at_most "$number" "$most"
  done <<<"$memory_gates"
}

memory_time_rows() {
  local operation side
  cut -f 1,2 "$work/times" | sort -u | while read -r operation side; do
    grep -q "^$operation	ours	" "$work/times" && [ "$side" != ours ] || continue
    awk -F '\t' -v OFS='\t' -v row="$operation" '$1 == row { print $2, $3, $4 }' "$work/times" \
      >"$work/contest"
    contest_row memory "$operation/$side" "$side" 3 ns
  done
}

memory_say_goals() { # the rows of times are in $work/rows
  local operation side goal ratio
  while read -r operation side goal; do
    ratio=$(awk -F '\t' -v name="$operation/$side" '$2 == name { print $6 }' "$work/rows")
    [ -n "$ratio" ] || continue
    say "goal $operation against $side: at least $goal, is $ratio$(at_most "$goal" "$ratio" || echo ': MISSED')"
  done <<<"$memory_goals"
}

memory() {
  local times=1000 plan=(21 4000)
  if [ -n "$quick" ]; then times=500 plan=(1 100); fi
  needs valgrind valgrind
  "$bin/memory_bench" list >"$work/contenders"
  grep -q ' ours 1$' "$work/contenders" || fail "memory: memory_bench does not say what it counts"
  say "memory: counts of $times and of $((3 * times)) times"
  count_memory_allocations $times
  count_memory_system_calls $((4 * times))
  count_memory_instructions $times
  for what in allocations system-calls instructions; do memory_count_rows "$what"; done
  memory_hold_at_0 allocations
  memory_hold_at_0 system-calls
  memory_hold_instructions
  say "memory: times, ${plan[0]} rounds"
  "$bin/memory_bench" times "${plan[@]}" >"$work/times"
  memory_time_rows | tee "$work/rows"
  [ -n "$quick" ] || memory_say_goals
}
