// SourceReader: one task's end of one source: polls its splits, decodes each raw batch once for
// every scan of the source, keeps the partitions' clocks and tells the WatermarkTracker. One
// thread; poll never blocks.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checkpoint/checkpoint_coordinator.hpp"
#include "dataflow/operator.hpp"
#include "dataflow/stream_graph.hpp"
#include "runtime/read_limits.hpp"
#include "runtime/scan_decoder.hpp"
#include "runtime/watermark_tracker.hpp"

namespace sluice {

// Where a split is to be read from, and what its clocks were.
struct SplitStart {
  SplitAssignment assignment;
  std::map<std::string, SavedClock> clocks;  // by scan
  bool finished = false;
};

class SourceReader {
 public:
  // Takes a scan's rows and watermarks.
  class Output {
   public:
    virtual ~Output() = default;
    virtual Status emit_rows(size_t scan, RecordBatch batch) = 0;
    virtual Status emit_watermark(size_t scan, Watermark watermark) = 0;
  };
  struct Scan {
    const StreamNode* node = nullptr;
    size_t tracker_index = 0;  // of the scan in the WatermarkTracker
    OperatorContext* context = nullptr;
  };

  SourceReader(const SourceInput& input, std::vector<Scan> scans, WatermarkTracker& tracker,
               const ReadLimits& limits);

  Status open(const SourceContext& context);
  Status assign(std::vector<SplitStart> splits);
  // Reads and decodes one raw batch, and passes on watermarks that changed. True when it did
  // anything.
  Result<bool> poll(Output& output);
  // Has read all it may before the next barrier.
  bool is_epoch_full() const { return records_of_epoch_ >= limits_.epoch_records; }
  // The least timestamp of the epoch's records; INT64_MAX: none had one.
  int64_t oldest_record_us() const { return oldest_record_us_; }
  void start_epoch() {
    records_of_epoch_ = 0;
    oldest_record_us_ = INT64_MAX;
  }
  // Passes on watermarks that changed since.
  Result<bool> advance_watermarks(Output& output);

  std::vector<SavedSplit> save() const;
  // By scan: the watermark sent last; scans that have sent none are left out.
  std::map<std::string, int64_t> sent_watermarks() const;
  // Records polled and watermarks sent so far: to see whether anything moved.
  uint64_t movements() const { return movements_; }
  // Records that wait in all splits, as known a few milliseconds ago; also shows each split's lag
  // and watermark in its gauges.
  int64_t measure_lag();
  uint64_t records_read() const { return records_read_; }
  Status close() { return source_->close(); }

 private:
  // Of one split and scan; created when there is something to show.
  struct Gauges {
    Counter* lag_records = nullptr;
    Counter* watermark_us = nullptr;
  };
  struct Split {
    std::shared_ptr<const Origin> origin;
    std::vector<PartitionClock> clocks;  // by scan
    std::vector<size_t> partitions;      // by scan: number in the tracker
    bool finished = false;
    std::vector<Gauges> gauges;  // by scan
  };
  struct ScanState {
    Scan scan;
    const ScanVertex* vertex = nullptr;
    std::unique_ptr<ScanDecoder> decoder;
    std::optional<Watermark> sent;
    int64_t sent_us = INT64_MIN;
  };
  std::vector<bool> held_splits() const;
  Status decode(size_t split, Output& output);
  // Where each split from this one on is read from.
  void log_starts(size_t first_split) const;
  void note_ends(size_t split, const PollResult& polled);
  void show(Split& split, int64_t lag_records);

  const SourceInput& input_;
  WatermarkTracker& tracker_;
  const ReadLimits limits_;
  std::unique_ptr<Source> source_;
  std::vector<ScanState> scans_;
  std::vector<Split> splits_;
  RawBatch raw_;
  uint64_t movements_ = 0;
  uint64_t records_read_ = 0;
  uint64_t records_of_epoch_ = 0;
  int64_t oldest_record_us_ = INT64_MAX;
  const Clock* clock_ = nullptr;
  Log* log_ = nullptr;
  int64_t next_measure_us_ = INT64_MIN;
  int64_t lag_ = 0;
};

}  // namespace sluice
