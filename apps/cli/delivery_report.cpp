#include "apps/cli/delivery_report.hpp"

#include <algorithm>

#include "core/log.hpp"

namespace sorteo::cli {
namespace {

std::string line_of(const client::BatchResult& batch) {
  LogLine line("lote", "fail");
  line.with("estado", batch.outcome == client::Outcome::kRefused ? "rechazado" : "desconocido");
  line.with("desde_linea", batch.first_bet).with("hasta_linea", batch.first_bet + batch.bets - 1);
  if (!batch.reason.empty()) {
    line.with("motivo", batch.reason);
  }
  return std::string(line.str());
}

}  // namespace

void DeliveryReport::add(const client::BatchResult& result) {
  switch (result.outcome) {
    case client::Outcome::kStored:
      stored_ += result.bets;
      return;
    case client::Outcome::kDuplicate:
      stored_ += result.bets;
      duplicate_ += result.bets;
      return;
    case client::Outcome::kRefused:
      refused_ += result.bets;
      break;
    case client::Outcome::kUnknown:
      unknown_ += result.bets;
      break;
  }
  not_stored_.push_back(result);
}

std::vector<std::string> DeliveryReport::lines() const {
  std::vector<std::string> lines;
  lines.emplace_back(LogLine("envio", stored_ == bets_ ? "success" : "fail")
                         .with("almacenadas", stored_)
                         .with("rechazadas", refused_)
                         .with("desconocidas", unknown_)
                         .with("no_enviadas", not_sent())
                         .with("duplicadas", duplicate_)
                         .str());
  auto batches = not_stored_;
  std::sort(batches.begin(), batches.end(),
            [](const auto& a, const auto& b) { return a.first_bet < b.first_bet; });
  for (const client::BatchResult& batch : batches) {
    lines.push_back(line_of(batch));
  }
  return lines;
}

}  // namespace sorteo::cli
