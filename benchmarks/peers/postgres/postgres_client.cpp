// The PostgreSQL peer's client (benchmarks/README.md).

#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include "benchmarks/peers/common/bet_batches.hpp"
#include "benchmarks/peers/common/client_main.hpp"
#include "benchmarks/peers/common/connection_threads.hpp"
#include "benchmarks/peers/common/load_options.hpp"
#include "benchmarks/peers/common/meter.hpp"
#include "benchmarks/peers/postgres/copy_rows.hpp"
#include "benchmarks/peers/postgres/postgres_connection.hpp"

namespace {

using namespace sorteo::peers;

// A table for each agency: connections do not wait for each other's pages.
std::string table_of(unsigned connection) { return "bets_" + std::to_string(connection + 1); }

void make_table(PostgresConnection& postgres, unsigned connection) {
  const std::string table = table_of(connection);
  postgres.run("CREATE TABLE " + table +
               " (document bigint NOT NULL CHECK (document BETWEEN 0 AND 4294967295),"
               " number bigint NOT NULL CHECK (number BETWEEN 0 AND 4294967295),"
               " birthdate date NOT NULL,"
               " first_name text NOT NULL CHECK (octet_length(first_name) BETWEEN 1 AND 255),"
               " last_name text NOT NULL CHECK (octet_length(last_name) BETWEEN 1 AND 255))");
}

// One transaction after another, since COPY cannot be pipelined. Returns how many.
std::uint64_t load(const LoadOptions& options, unsigned connection, const BetBatches& batches,
                   const Meter& meter, Meter::Lane& lane) {
  const bool binary = options.mode == "binary";
  std::vector<std::string> ready;
  for (const auto& bets : batches) {
    ready.push_back(binary ? copy_binary(bets) : copy_text(bets));
  }
  const std::string statement = "COPY " + table_of(connection) +
                                " (first_name, last_name, document, birthdate, number) FROM STDIN"
                                " WITH (FORMAT " +
                                options.mode + ")";
  PostgresConnection postgres(options.server);
  std::uint64_t sent = 0;
  for (; !meter.has_ended(); ++sent) {
    const std::size_t at = sent % batches.size();
    const auto begin = Clock::now();
    postgres.copy(statement.c_str(), ready[at]);
    lane.acknowledged(batches[at].size(), begin, Clock::now());
  }
  return sent;
}

void check_winners(PostgresConnection& postgres, unsigned connection, std::uint64_t bets,
                   std::uint64_t expected) {
  const std::string table = table_of(connection);
  const std::string winners = postgres.value_of(
      "SELECT count(document) FROM " + table + " WHERE number = " + std::to_string(kWinningNumber));
  if (postgres.value_of("SELECT count(*) FROM " + table) != std::to_string(bets) ||
      winners != std::to_string(expected)) {
    throw std::runtime_error("the server stored something else than what it acknowledged");
  }
}

void run(const LoadOptions& options) {
  const auto batches = read_bets_of_all(options.csv, options.connections, options.batch_bets);
  PostgresConnection postgres(options.server);
  for (unsigned i = 0; i < options.connections; ++i) {
    make_table(postgres, i);
  }
  Meter meter(options);
  std::vector<std::uint64_t> sent(options.connections);
  run_connections(
      options.connections,
      [&](unsigned i) { sent[i] = load(options, i, batches[i], meter, meter.lane(i)); },
      [&] { meter.run(); });
  for (unsigned i = 0; i < options.connections; ++i) {
    check_winners(postgres, i, meter.lane(i).total_bets(), expected_winners(batches[i], sent[i]));
  }
  std::printf("%s\n", meter.result("postgres").c_str());
}

}  // namespace

int main(int argc, char** argv) {
  return client_main(argc, argv,
                     "Loads PostgreSQL by COPY, one transaction a batch; the window is "
                     "always 1. --server is libpq's conninfo. Modes: binary, text",
                     {"binary", "text"}, run);
}
