#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/bet.hpp"

namespace sorteo::peers {

/// Bets in an SQLite database: WAL, synchronous=FULL. Throws std::runtime_error when SQLite fails
/// or a bet breaks a rule. Not thread-safe.
class SqliteStore final {
 public:
  /// Makes the database at `path`.
  explicit SqliteStore(const std::string& path);

  void begin();
  /// Durable when it returns.
  void commit();

  /// Checks and inserts; within a transaction.
  void insert(std::uint32_t agency, const std::vector<Bet>& bets);

  std::uint64_t count(const std::string& where);

 private:
  using Statement = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;

  void run(const char* statements);
  Statement prepare(const std::string& statement);
  void step(const Statement& statement);
  void require(bool success) const;

  std::unique_ptr<sqlite3, decltype(&sqlite3_close)> database_;
  Statement begin_;
  Statement commit_;
  Statement insert_;
};

}  // namespace sorteo::peers
