#include "benchmarks/peers/postgres/postgres_connection.hpp"

#include <stdexcept>

namespace sorteo::peers {

PostgresConnection::PostgresConnection(const std::string& conninfo)
    : connection_(PQconnectdb(conninfo.c_str()), &PQfinish) {
  require(PQstatus(connection_.get()) == CONNECTION_OK);
}

void PostgresConnection::run(const std::string& statements) {
  const Result result(PQexec(connection_.get(), statements.c_str()), &PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  require(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK);
}

std::string PostgresConnection::value_of(const std::string& query) {
  const Result result(PQexec(connection_.get(), query.c_str()), &PQclear);
  require(PQresultStatus(result.get()) == PGRES_TUPLES_OK && PQntuples(result.get()) == 1);
  return PQgetvalue(result.get(), 0, 0);
}

void PostgresConnection::copy(const char* statement, std::string_view data) {
  {
    const Result begun(PQexec(connection_.get(), statement), &PQclear);
    require(PQresultStatus(begun.get()) == PGRES_COPY_IN);
  }
  require(PQputCopyData(connection_.get(), data.data(), static_cast<int>(data.size())) == 1);
  require(PQputCopyEnd(connection_.get(), nullptr) == 1);
  bool stored = false;
  for (Result result(PQgetResult(connection_.get()), &PQclear); result != nullptr;
       result.reset(PQgetResult(connection_.get()))) {
    stored = PQresultStatus(result.get()) == PGRES_COMMAND_OK;
    require(stored);
  }
  require(stored);
}

void PostgresConnection::require(bool success) const {
  if (!success) {
    throw std::runtime_error(std::string("PostgreSQL: ") + PQerrorMessage(connection_.get()));
  }
}

}  // namespace sorteo::peers
