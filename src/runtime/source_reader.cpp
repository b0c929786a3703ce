#include "runtime/source_reader.hpp"

#include <algorithm>

#include "env/metrics.hpp"

namespace sluice {

namespace {

// Asking a source costs more than a poll that finds nothing.
constexpr int64_t measure_interval_us = 50'000;

}  // namespace

SourceReader::SourceReader(const SourceInput& input, std::vector<Scan> scans,
                           WatermarkTracker& tracker, const ReadLimits& limits)
    : input_(input), tracker_(tracker), limits_(limits), source_(input.description->create()) {
  for (Scan& scan : scans) {
    ScanState state;
    state.scan = scan;
    state.vertex = &std::get<ScanVertex>(scan.node->node);
    scans_.push_back(std::move(state));
  }
}

Status SourceReader::open(const SourceContext& context) {
  clock_ = context.environment.clock;
  log_ = context.environment.log;
  for (ScanState& state : scans_) {
    state.decoder = std::make_unique<ScanDecoder>(*state.scan.node, *state.scan.context);
    SLUICE_TRY(state.decoder->open());
  }
  return source_->open(context);
}

Status SourceReader::assign(std::vector<SplitStart> splits) {
  std::vector<SplitAssignment> assignments;
  for (SplitStart& start : splits) {
    Split split;
    split.origin = start.assignment.split;
    split.finished = start.finished;
    split.gauges.resize(scans_.size());
    for (const ScanState& state : scans_) {
      const auto saved = start.clocks.find(state.scan.node->name);
      const SavedClock clock = saved != start.clocks.end() ? saved->second : SavedClock{};
      split.clocks.emplace_back(state.vertex->clock, clock.watermark_us);
      const size_t partition =
          tracker_.add_partition(state.scan.tracker_index, clock.watermark_us, clock.idle);
      split.partitions.push_back(partition);
      if (start.finished) tracker_.finish(state.scan.tracker_index, partition);
    }
    splits_.push_back(std::move(split));
    assignments.push_back(std::move(start.assignment));
  }
  SLUICE_TRY(source_->assign(assignments));
  log_starts(splits_.size() - assignments.size());
  return {};
}

void SourceReader::log_starts(size_t first_split) const {
  std::string names;
  for (const ScanState& state : scans_) {
    if (!names.empty()) names += ", ";
    names += state.scan.node->name;
  }
  const std::vector<SplitPosition> positions = source_->positions();
  for (size_t i = first_split; i < splits_.size(); ++i) {
    if (splits_[i].finished) continue;
    log_->info("reading begins", {{"step", names},
                                  {"topic", splits_[i].origin->stream},
                                  {"partition", splits_[i].origin->partition},
                                  {"offset", positions[i].next_offset}});
  }
}

std::vector<bool> SourceReader::held_splits() const {
  std::vector<bool> held(splits_.size(), false);
  for (size_t i = 0; i < splits_.size(); ++i) {
    held[i] = splits_[i].finished;
    for (size_t scan = 0; scan < scans_.size(); ++scan) {
      held[i] =
          held[i] || tracker_.is_held(scans_[scan].scan.tracker_index, splits_[i].partitions[scan]);
    }
  }
  return held;
}

Result<bool> SourceReader::poll(Output& output) {
  if (splits_.empty()) return advance_watermarks(output);
  raw_.clear();
  const uint64_t left = limits_.epoch_records - records_of_epoch_;
  const size_t most = std::min<uint64_t>(limits_.batch_records, left);
  SLUICE_ASSIGN(const PollResult polled, source_->poll(most, held_splits(), raw_));
  bool did_work = false;
  if (polled.split) {
    did_work = !raw_.records.empty();
    if (did_work) SLUICE_TRY(decode(*polled.split, output));
    note_ends(*polled.split, polled);
    if (polled.end_of_split || polled.finished) next_measure_us_ = INT64_MIN;
  }
  SLUICE_ASSIGN(const bool advanced, advance_watermarks(output));
  return did_work || advanced || polled.split.has_value();
}

void SourceReader::note_ends(size_t split, const PollResult& polled) {
  for (size_t i = 0; i < scans_.size(); ++i) {
    const size_t scan = scans_[i].scan.tracker_index;
    if (polled.end_of_split) tracker_.reached_end(scan, splits_[split].partitions[i]);
    if (polled.finished) tracker_.finish(scan, splits_[split].partitions[i]);
  }
  splits_[split].finished = splits_[split].finished || polled.finished;
}

Status SourceReader::decode(size_t split_index, Output& output) {
  Split& split = splits_[split_index];
  movements_ += raw_.records.size();
  records_read_ += raw_.records.size();
  records_of_epoch_ += raw_.records.size();
  for (const RawRecord& record : raw_.records) {
    if (record.timestamp_us > 0)
      oldest_record_us_ = std::min(oldest_record_us_, record.timestamp_us);
  }
  for (size_t i = 0; i < scans_.size(); ++i) {
    ScanState& state = scans_[i];
    const size_t scan = state.scan.tracker_index;
    PartitionClock& clock = split.clocks[i];
    if (const auto floor_us = tracker_.activate(scan, split.partitions[i]))
      clock.raise_to(*floor_us);
    SLUICE_TRY(state.decoder->decode(
        raw_, clock, [&](RecordBatch rows) { return output.emit_rows(i, std::move(rows)); }));
    tracker_.report(scan, split.partitions[i], clock.watermark_us());
  }
  return {};
}

Result<bool> SourceReader::advance_watermarks(Output& output) {
  bool advanced = false;
  for (size_t i = 0; i < scans_.size(); ++i) {
    ScanState& state = scans_[i];
    const std::optional<Watermark> watermark = tracker_.current(state.scan.tracker_index);
    if (!watermark || watermark == state.sent) continue;
    state.sent = watermark;
    ++movements_;
    advanced = true;
    // Before it falls idle, or ends, a scan comes to where it stands.
    if (const auto time_us = tracker_.issued(state.scan.tracker_index)) {
      state.sent_us = *time_us;
      SLUICE_TRY(output.emit_watermark(i, Watermark::at(*time_us)));
    }
    const bool is_time = !watermark->is_idle() && !watermark->is_final();
    if (!is_time) SLUICE_TRY(output.emit_watermark(i, *watermark));
  }
  return advanced;
}

std::vector<SavedSplit> SourceReader::save() const {
  const std::vector<SplitPosition> positions = source_->positions();
  std::vector<SavedSplit> saved;
  for (size_t i = 0; i < splits_.size(); ++i) {
    SavedSplit split{input_.identity, *splits_[i].origin, positions[i], splits_[i].finished, {}};
    for (size_t scan = 0; scan < scans_.size(); ++scan) {
      const bool is_idle =
          tracker_.is_idle(scans_[scan].scan.tracker_index, splits_[i].partitions[scan]);
      split.clocks[scans_[scan].scan.node->name] = {splits_[i].clocks[scan].watermark_us(),
                                                    is_idle};
    }
    saved.push_back(std::move(split));
  }
  return saved;
}

std::map<std::string, int64_t> SourceReader::sent_watermarks() const {
  std::map<std::string, int64_t> sent;
  for (const ScanState& state : scans_) sent[state.scan.node->name] = state.sent_us;
  return sent;
}

int64_t SourceReader::measure_lag() {
  const int64_t now_us = clock_->monotonic_us();
  if (now_us < next_measure_us_) return lag_;
  next_measure_us_ = now_us + measure_interval_us;
  int64_t total = 0;
  const std::vector<int64_t> lags = source_->lags();
  for (size_t i = 0; i < lags.size(); ++i) {
    total += std::max<int64_t>(0, lags[i]);
    show(splits_[i], lags[i]);
  }
  lag_ = total;
  return total;
}

void SourceReader::show(Split& split, int64_t lag_records) {
  const auto set = [&](Counter*& gauge, size_t scan, const Metric& metric, int64_t value) {
    if (gauge == nullptr) {
      StepCounters& counters = *scans_[scan].scan.context->counters;
      gauge = &counters.of_partition(metric, split.origin->stream, split.origin->partition);
    }
    gauge->set(value);
  };
  for (size_t i = 0; i < scans_.size(); ++i) {
    Gauges& gauges = split.gauges[i];
    const int64_t watermark_us = split.clocks[i].watermark_us();
    if (lag_records >= 0) set(gauges.lag_records, i, metrics::source_lag, lag_records);
    if (watermark_us != INT64_MIN)
      set(gauges.watermark_us, i, metrics::watermark_lag, watermark_us);
  }
}

}  // namespace sluice
