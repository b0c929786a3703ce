// Spool files: the operations of one target and epoch, with all that publishing them needs: the
// definitions of their sinks, and `after`, the point that the target's marker must show first.
//
// A SpoolWriter is written while records flow; its owner serialises the tasks that share it. A
// SpoolReader belongs to the publishing thread. Errors as in storage/block_file.hpp. Layout:
// storage/FORMAT.md.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "dataflow/publisher.hpp"
#include "storage/block_file.hpp"
#include "storage/marker_point.hpp"
#include "storage/spool_sink.hpp"

namespace sluice {

struct SpoolHeader {
  Epoch epoch;
  std::string target;
  std::vector<SpoolSink> sinks;
};

// The operations of an epoch that was abandoned are decided by the same manifest as those of the
// next, whose `after` can then not hold that manifest's checksum, for the manifest holds the
// spool's. It holds this instead.
constexpr uint64_t same_decision = 0;

class SpoolWriter {
 public:
  // What a writer holds in memory at most before it writes, unless one operation is larger.
  static constexpr size_t buffer_bytes = 256u << 10;

  static Result<std::unique_ptr<SpoolWriter>> create(Filesystem& filesystem,
                                                     const std::string& path,
                                                     const SpoolHeader& header);

  // Operations framed as CheckpointCoordinator::spool says; `operation_count` of them.
  Status append(uint32_t sink, std::string_view framed_operations, uint64_t operation_count);
  // Of operations, written or not.
  uint64_t bytes() const { return bytes_; }
  uint64_t operations() const { return operations_; }
  // The file is complete and its bytes durable afterwards.
  Result<FileSeal> close(MarkerPoint after);

 private:
  explicit SpoolWriter(std::unique_ptr<BlockFileWriter> file) : file_(std::move(file)) {}
  Status append_run(uint32_t sink, std::string_view framed_operations, uint64_t operations);
  Status flush();

  std::unique_ptr<BlockFileWriter> file_;
  std::string block_;
  uint64_t block_operations_ = 0;
  uint64_t bytes_ = 0;
  uint64_t operations_ = 0;
};

class SpoolReader final : public OperationReader {
 public:
  static Result<std::unique_ptr<SpoolReader>> open(Filesystem& filesystem, const std::string& path);

  const SpoolHeader& header() const { return header_; }
  Result<std::optional<Operation>> next() override;
  Status rewind() override;

 private:
  explicit SpoolReader(std::unique_ptr<BlockFileReader> file) : file_(std::move(file)) {}
  Status read_header();
  Status begin_run();

  std::unique_ptr<BlockFileReader> file_;
  SpoolHeader header_;
  std::string_view block_;  // what is left of the current block
  std::string_view run_;    // what is left of the current run of one sink's operations
  uint32_t sink_ = 0;
};

struct SpoolSummary {
  SpoolHeader header;
  MarkerPoint after;
  uint64_t operations = 0;
};

// Reads a spool file to its end and verifies it, also against the seal that a manifest holds.
Result<SpoolSummary> verify_spool(Filesystem& filesystem, const std::string& path,
                                  const FileSeal& seal);

}  // namespace sluice
