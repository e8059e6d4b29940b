#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <string_view>

namespace sorteo::peers {

/// A connection to PostgreSQL. Throws std::runtime_error when it fails or the server answers with
/// an error.
class PostgresConnection final {
 public:
  using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

  /// `conninfo` as libpq takes it.
  explicit PostgresConnection(const std::string& conninfo);

  /// Runs statements whose results do not matter.
  void run(const std::string& statements);

  /// The first column of all rows.
  std::string value_of(const std::string& query);

  /// One transaction: the copy `statement`, and `data` for it.
  void copy(const char* statement, std::string_view data);

 private:
  void require(bool success) const;

  std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
};

}  // namespace sorteo::peers
