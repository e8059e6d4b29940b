#include "storage/store_repair.hpp"

#include <algorithm>
#include <boost/system/errc.hpp>
#include <utility>

#include "storage/log_cut.hpp"
#include "storage/log_failure.hpp"
#include "storage/log_scan.hpp"
#include "storage/lost_records.hpp"
#include "storage/posix_file_system.hpp"
#include "storage/side_files.hpp"
#include "storage/store_directory.hpp"
#include "storage/store_files.hpp"

namespace sorteo {
namespace {

using Failure = std::optional<StoreFailure>;

bool is_damage(const StoreFailure& failure) {
  return failure.code == StoreError::kDamaged ||
         failure.code == boost::system::errc::no_such_file_or_directory;
}

// Said in so many words, because a report can be made of a failure, too.
boost::system::result<RepairReport, StoreFailure> failed(StoreFailure failure) {
  return {boost::system::in_place_error, std::move(failure)};
}

// Looks at one store, and repairs it.
class Repair final {
 public:
  Repair(const FileSystem& files, const std::string& path, const RepairOptions& options)
      : files_(files), path_(path), options_(options) {}

  boost::system::result<RepairReport, StoreFailure> run() {
    if (auto failure = look()) {
      return failed(std::move(*failure));
    }
    if (!report_.damage || options_.action == RepairAction::kReport) {
      return std::move(report_);
    }
    if (auto failure = act()) {
      return failed(std::move(*failure));
    }
    return std::move(report_);
  }

 private:
  // What is wrong, and what can be done about it.
  Failure look() {
    auto listing = list_store_with_gaps(files_, path_);
    if (listing.has_error()) {
      return std::move(listing).error();
    }
    listing_ = std::move(*listing);
    auto side_files = read_side_files(files_, path_);
    if (side_files.has_error()) {
      return std::move(side_files).error();
    }
    side_files_ = std::move(*side_files);
    if (listing_.segments.empty() && !side_files_.checkpoint && !side_files_.testimony) {
      return no_store(segment_path(path_, 1));
    }
    auto failure = check_all();
    if (!failure || !is_damage(*failure)) {
      return failure;
    }
    report_.damage = std::move(failure);
    return plan();
  }

  // As an opening and a full reading do.
  Failure check_all() {
    auto listing = list_store(files_, path_);
    if (listing.has_error()) {
      return std::move(listing).error();
    }
    if (listing->segments.empty()) {
      return damaged(segment_path(path_, 1), 0, 0, "the log is missing, of which other files tell");
    }
    auto scan = full_scan(side_files_, path_, listing->segments.back());
    if (scan.has_error()) {
      return std::move(scan).error();
    }
    scan->progress = options_.progress;
    return LogScanner(files_, path_, {}, {}, std::move(*scan)).run();
  }

  // Reads the log alone, with whatever sizes its files have: where is the first damage?
  Failure plan() {
    ScanOptions options;
    options.last_segment = listing_.segments.empty() ? 1 : listing_.segments.back();
    options.progress = options_.progress;
    options.cursor.takes_any_size = true;
    LogScanner scanner(files_, path_, {}, {}, std::move(options));
    const auto failure = scanner.run();
    if (failure && !is_damage(*failure)) {
      return failure;
    }
    const LogScan& scan = scanner.result();
    const bool is_header = scan.segment.number != scan.damaged_segment;
    first_lost_ = failure ? scan.damaged_segment : scan.segment.number + 1;
    if (failure && !is_header && *scan.damaged_at > scan.segment.base + kSegmentHeaderBytes) {
      // The segment keeps its beginning.
      cut_at_ = *scan.damaged_at;
      ++first_lost_;
    } else if (!failure) {
      cut_at_ = scan.end.offset;
    }
    log_id_ = scan.segment.log_id;
    if (auto problem = find_changes()) {
      return problem;
    }
    // Without a sound witness nobody knows whether the log has all that was acknowledged.
    const bool is_sound = !failure && !scan.torn_tail && side_files_.testimony &&
                          cut_.changed.size() == 1 &&
                          cut_.changed.back().size == cut_.changed.back().capacity;
    const auto claims = own_claims();
    for (const LogClaim& claim : claims) {
      durable_end_ = std::max(durable_end_, claim.end);
    }
    if (is_sound) {
      const auto keeps = keeps_what_was_durable(claims);
      if (keeps.has_error()) {
        return keeps.error();
      }
      if (*keeps) {
        plan_drop(scan);
      }
    }
    return plan_cut();
  }

  // What the files beside the log say of this one, and not of another. They are sound: so it is
  // true, but that a log which was closed may have gone on.
  std::vector<LogClaim> own_claims() const {
    SideFiles own = side_files_;
    if (own.testimony && own.testimony->log_id != log_id_) {
      own.testimony.reset();
    }
    if (own.checkpoint && own.checkpoint->log_id != log_id_) {
      own.checkpoint.reset();
    }
    auto claims = claims_of(own, path_);
    for (LogClaim& claim : claims) {
      claim.is_last = false;
    }
    return claims;
  }

  boost::system::result<bool, StoreFailure> keeps_what_was_durable(
      const std::vector<LogClaim>& claims) {
    ScanOptions options;
    options.last_segment = listing_.segments.back();
    options.claims = claims;
    LogScanner scanner(files_, path_, {}, {}, std::move(options));
    const auto failure = scanner.run();
    if (failure && !is_damage(*failure)) {
      return *failure;
    }
    return !failure;
  }

  // The log is sound: only what stands beside it is not.
  void plan_drop(const LogScan& scan) {
    RepairPlan plan;
    plan.action = RepairAction::kDropCheckpoint;
    plan.kept_end = scan.end.offset;
    plan.durable_end = durable_end_;
    plan.kept = scan.ledger.state();
    plan.kept_records = scan.ledger.records;
    plan.moved = side_file_names();
    report_.plans.push_back(std::move(plan));
  }

  // Which of the segments that stay have another size than they were made with, and how the last of
  // them ends.
  Failure find_changes() {
    for (std::uint64_t number = 1; number < first_lost_; ++number) {
      const auto segment = open_segment(files_, path_, number, FileSystem::Open::kRead);
      if (segment.has_error()) {
        return segment.error();
      }
      const SegmentHeader& header = segment->header;
      LogCut::Change change{number, std::min(header.capacity, segment->size), segment->size,
                            header.capacity};
      if (cut_at_ && number + 1 == first_lost_) {
        change.offset = *cut_at_ - header.base;
        cut_.changed.push_back(change);
      } else if (segment->size != header.capacity) {
        cut_.changed.push_back(change);
      }
    }
    return std::nullopt;
  }

  Failure plan_cut() {
    RepairPlan plan;
    plan.action = RepairAction::kCut;
    plan.durable_end = durable_end_;
    plan.moved = side_file_names();
    if (cut_at_) {
      plan.cut_file = segment_path(path_, first_lost_ - 1);
      plan.cut_offset = cut_.changed.back().offset;
      if (auto failure = count_lost(files_, plan.cut_file, plan.cut_offset, log_id_, plan)) {
        return failure;
      }
    } else {
      plan.cut_file = segment_path(path_, first_lost_);
    }
    for (auto number = listing_.segments.rbegin(); number != listing_.segments.rend(); ++number) {
      if (*number >= first_lost_) {
        plan.moved.push_back(segment_name(*number));
        if (auto failure = count_lost(files_, segment_path(path_, *number), 0, log_id_, plan)) {
          return failure;
        }
      }
    }
    if (auto failure = count_kept(plan)) {
      return failure;
    }
    cut_.moved = plan.moved;
    report_.plans.push_back(std::move(plan));
    return std::nullopt;
  }

  // What stays adds up to.
  Failure count_kept(RepairPlan& plan) {
    if (first_lost_ <= 1) {
      return std::nullopt;
    }
    ScanOptions options;
    options.last_segment = first_lost_ - 1;
    options.cursor.takes_any_size = true;
    if (cut_at_) {
      options.cursor.limit = *cut_at_;
    }
    LogScanner scanner(files_, path_, {}, {}, std::move(options));
    if (auto failure = scanner.run()) {
      return failure;
    }
    plan.kept = scanner.result().ledger.state();
    plan.kept_records = scanner.result().ledger.records;
    plan.kept_end = scanner.result().end.offset;
    return std::nullopt;
  }

  std::vector<std::string> side_file_names() const {
    std::vector<std::string> names;
    for (const std::string_view name : {kCheckpointName, kWitnessName, kWinnersName}) {
      if (listing_.has(name)) {
        names.emplace_back(name);
      }
    }
    return names;
  }

  Failure act() {
    const auto plan =
        std::find_if(report_.plans.begin(), report_.plans.end(),
                     [&](const RepairPlan& known) { return known.action == options_.action; });
    if (plan == report_.plans.end()) {
      return report_.damage;
    }
    report_.plans = {RepairPlan(*plan)};
    const std::string name = free_name(listing_, "cut-");
    report_.moved_to = within(path_, name);
    if (const auto error = files_.make_directory(report_.moved_to)) {
      return cannot("make the directory", report_.moved_to, error);
    }
    if (const auto error = files_.sync_directory(path_)) {
      return cannot("sync", path_, error);
    }
    if (options_.action == RepairAction::kDropCheckpoint) {
      cut_ = {report_.plans.front().moved, {}};
    }
    return apply_cut(files_, path_, report_.moved_to, cut_);
  }

  const FileSystem& files_;
  const std::string& path_;
  const RepairOptions& options_;
  StoreFiles listing_;
  SideFiles side_files_;
  std::uint64_t log_id_ = 0;
  std::uint64_t durable_end_ = 0;        // of the log, as far as is known
  std::uint64_t first_lost_ = 0;         // the first segment that goes away whole
  std::optional<std::uint64_t> cut_at_;  // where in the log the one before it ends then
  LogCut cut_;
  RepairReport report_;
};

}  // namespace

boost::system::result<RepairReport, StoreFailure> repair_store(const std::string& path,
                                                               const RepairOptions& options) {
  return repair_store(PosixFileSystem(), path, options);
}

boost::system::result<RepairReport, StoreFailure> repair_store(const FileSystem& files,
                                                               const std::string& path,
                                                               const RepairOptions& options) {
  const auto lock = lock_present_store_directory(files, path);
  if (lock.has_error()) {
    return failed(lock.error());
  }
  return Repair(files, path, options).run();
}

}  // namespace sorteo
