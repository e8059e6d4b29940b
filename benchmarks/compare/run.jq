# One run as a line: what `sorteo bench` and the clients of the peers tell, under the same names.
(.acknowledged_bets // .bets_total) as $stored
| {
    row: $row, round: $round, place: $place, bets_per_second, seconds,
    p50: .latency_us.p50, p99: .latency_us.p99,
    client_cpu: .client_cpu_seconds_per_million_bets,
    server_cpu: ($cpu // .server_cpu_seconds_per_million_bets),
    peak_bytes: ((.server_peak_bytes // $peak) | if . == 0 then null else . end),
    disk_bytes_per_bet: (if $disk > 0 and ($stored // 0) > 0 then $disk / $stored
                         else .disk_bytes_per_bet end)
  }
