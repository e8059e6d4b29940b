#include "benchmarks/peers/sqlite/sqlite_store.hpp"

#include <stdexcept>

#include "core/text.hpp"

namespace sorteo::peers {

namespace {

constexpr const char* kSetUp =
    "PRAGMA page_size = 16384;"
    "PRAGMA locking_mode = EXCLUSIVE;"  // one process: no shared memory for the WAL's index
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA wal_autocheckpoint = 4096;"  // 64 MiB
    "PRAGMA cache_size = -262144;"       // 256 MiB
    "CREATE TABLE bets (agency INTEGER NOT NULL, document INTEGER NOT NULL,"
    " number INTEGER NOT NULL, birthdate TEXT NOT NULL, first_name TEXT NOT NULL,"
    " last_name TEXT NOT NULL) STRICT;";

sqlite3* open(const std::string& path) {
  sqlite3* database = nullptr;
  sqlite3_open_v2(path.c_str(), &database,
                  SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  return database;
}

}  // namespace

SqliteStore::SqliteStore(const std::string& path)
    : database_(open(path), &sqlite3_close),
      begin_(nullptr, &sqlite3_finalize),
      commit_(nullptr, &sqlite3_finalize),
      insert_(nullptr, &sqlite3_finalize) {
  run(kSetUp);
  begin_ = prepare("BEGIN IMMEDIATE");
  commit_ = prepare("COMMIT");
  insert_ = prepare("INSERT INTO bets VALUES (?, ?, ?, ?, ?, ?)");
}

void SqliteStore::begin() { step(begin_); }

void SqliteStore::commit() { step(commit_); }

void SqliteStore::insert(std::uint32_t agency, const std::vector<Bet>& bets) {
  sqlite3_stmt* const insert = insert_.get();
  const auto bind = [&](int column, const std::string& text) {
    sqlite3_bind_text(insert, column, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
  };
  for (const Bet& bet : bets) {
    if (find_bad_field(bet.view())) {
      throw std::runtime_error("a bet breaks a rule");
    }
    sqlite3_bind_int64(insert, 1, agency);
    sqlite3_bind_int64(insert, 2, parse_decimal(bet.document).value());
    sqlite3_bind_int64(insert, 3, parse_decimal(bet.number).value());
    bind(4, bet.birthdate);
    bind(5, bet.first_name);
    bind(6, bet.last_name);
    step(insert_);
  }
}

std::uint64_t SqliteStore::count(const std::string& where) {
  const Statement statement = prepare("SELECT count(*) FROM bets WHERE " + where);
  require(sqlite3_step(statement.get()) == SQLITE_ROW);
  return static_cast<std::uint64_t>(sqlite3_column_int64(statement.get(), 0));
}

void SqliteStore::run(const char* statements) {
  require(sqlite3_exec(database_.get(), statements, nullptr, nullptr, nullptr) == SQLITE_OK);
}

SqliteStore::Statement SqliteStore::prepare(const std::string& statement) {
  sqlite3_stmt* prepared = nullptr;
  require(sqlite3_prepare_v3(database_.get(), statement.c_str(), -1, SQLITE_PREPARE_PERSISTENT,
                             &prepared, nullptr) == SQLITE_OK);
  return Statement(prepared, &sqlite3_finalize);
}

void SqliteStore::step(const Statement& statement) {
  require(sqlite3_step(statement.get()) == SQLITE_DONE);
  sqlite3_reset(statement.get());
}

void SqliteStore::require(bool success) const {
  if (!success) {
    throw std::runtime_error(std::string("SQLite: ") + sqlite3_errmsg(database_.get()));
  }
}

}  // namespace sorteo::peers
