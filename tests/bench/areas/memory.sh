# SPDX-License-Identifier: MIT
# Buffers, metas and pools: the same work by ours, by GStreamer and by FFmpeg in one program
# (tests/bench/memory), what repeats exactly as gates, times as ratios. README.md has the method.

# ROW INSTRUCTIONS: twice what a prototype with the same shape, but without any check, needs for the
# operation. A third number is the limit where that is out of reach; README.md says why.
memory_gates='
buffer-memory-2-metas 132 168
meta-add-remove 18 46
map-frame 50 70
ref 18
copy-shallow 150 168
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

# "ROW SIDE NUMBER", each times that many operations: into $work/$1, a line per contender

count_memory_allocations() { # TIMES
  G_SLICE=always-malloc LD_PRELOAD="$lib/count_allocations.so" "$bin/memory_bench" counts "$1" \
    >"$work/allocations"
}

count_memory_system_calls() { # TIMES
  strace -f -s 100 -o "$work/strace" "$bin/memory_bench" counts "$1" >/dev/null
  awk -v times="$1" '
    /write\(-1, "mark / { split($0, word, /[" ]+/); part = "" }
    /write\(-1, "mark none"/ { next }
    /write\(-1, "mark / {
      sub(/.*"mark /, ""); sub(/".*/, ""); split($0, word, " ")
      name = word[1] " " word[2]; part = word[3]; scale = word[4]
      if (!(name in scales)) order[++names] = name
      scales[name] = scale
      next
    }
    part != "" && !/ resumed>/ { calls[name, part]++ }
    END {
      for (i = 1; i <= names; i++) {
        name = order[i]
        printf "%s %.2f\n", name, (calls[name, "many"] - calls[name, "few"]) / (2 * scales[name])
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
        each = (instructions[name, "many"] - instructions[name, "few"]) / (2 * scales[name])
        printf "%s %.1f\n", name, each
      }
    }' >"$work/instructions"
}

memory_count() { # WHAT ROW SIDE
  awk -v row="$2" -v side="$3" '$1 == row && $2 == side { print $3 }' "$work/$1"
}

# The rows of one count, ours beside each peer.
memory_count_rows() { # WHAT
  local operation side theirs ours
  while read -r operation side theirs; do
    ours=$(memory_count "$1" "$operation" ours)
    [ "$side" = ours ] || [ -z "$ours" ] || row memory "$operation-$side-$1" "$ours" "$theirs" per-time
  done <"$work/$1"
}

at_most() { awk -v number="$1" -v most="$2" 'BEGIN { exit !(number != "" && number + 0 <= most) }'; }

memory_hold_gates() {
  local what operation side number goal most more=0
  # Promises that are checked at run time cost some instructions, too.
  grep -qs '^MILLRACE_DCHECKS:BOOL=ON' "$folder/CMakeCache.txt" && more=8
  for what in allocations system-calls; do
    while read -r operation side number; do
      [ "$side" = ours ] && [[ " $memory_makes " != *" $operation "* ]] || continue
      # Two threads wake each other once per part, which is not always one call.
      must "memory: $operation costs no $what (it costs $number each time)" at_most "$number" 0.02
    done <"$work/$what"
  done
  while read -r operation goal most; do
    [ -n "$operation" ] || continue
    number=$(memory_count instructions "$operation" ours)
    row memory "$operation-gate-instructions" "${number:--}" "$goal" per-time
    most=$((${most:-$goal} + more))
    say "gate $operation: $number instructions, goal $goal, limit $most"
    must "memory: $operation takes at most $most instructions (it takes $number)" \
      at_most "$number" "$most"
  done <<<"$memory_gates"
}

memory_time_rows() {
  local operation side
  cut -f 1,2 "$work/times" | sort -u | while read -r operation side; do
    grep -q "^$operation	ours	" "$work/times" && [ "$side" != ours ] || continue
    awk -F '\t' -v OFS='\t' -v row="$operation" '$1 == row { print $2, $3, $4 }' "$work/times" \
      >"$work/contest"
    contest_row memory "$operation-$side" "$side" 3 ns
  done
}

memory_say_goals() { # the rows of times are in $work/rows
  local operation side goal ratio
  while read -r operation side goal; do
    ratio=$(awk -F '\t' -v name="$operation-$side" '$2 == name { print $6 }' "$work/rows")
    [ -n "$ratio" ] || continue
    say "goal $operation against $side: at least $goal, is $ratio$(at_most "$goal" "$ratio" || echo ': MISSED')"
  done <<<"$memory_goals"
}

memory() {
  local times=1000 plan=(21 4000)
  if [ -n "$quick" ]; then times=500 plan=(1 100); fi
  needs valgrind valgrind
  say "memory: counts of $times and of $((3 * times)) times"
  count_memory_allocations $times
  count_memory_system_calls $times
  count_memory_instructions $times
  for what in allocations system-calls instructions; do memory_count_rows "$what"; done
  memory_hold_gates
  say "memory: times, ${plan[0]} rounds"
  "$bin/memory_bench" times "${plan[@]}" >"$work/times"
  memory_time_rows | tee "$work/rows"
  [ -n "$quick" ] || memory_say_goals
}
