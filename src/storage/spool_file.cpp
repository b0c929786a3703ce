#include "storage/spool_file.hpp"

#include <utility>

#include "base/assert.hpp"
#include "storage/encoding.hpp"

namespace sluice {

namespace {

constexpr size_t length_bytes = 4;
constexpr size_t run_head_bytes = 8;

// The first operation of framed operations, its length included; empty when they are malformed.
std::string_view first_framed(std::string_view framed) {
  uint32_t length = 0;
  if (!ByteReader(framed).read_u32(length) || framed.size() - length_bytes < length) return {};
  return framed.substr(0, length_bytes + length);
}

std::string encode_header(const SpoolHeader& header) {
  std::string bytes;
  append_u64(bytes, header.epoch.value);
  append_text(bytes, header.target);
  append_varint(bytes, header.sinks.size());
  for (const SpoolSink& sink : header.sinks) {
    append_text(bytes, sink.name);
    append_text(bytes, sink.definition);
    bytes.push_back(sink.takes_dead_letters ? 1 : 0);
  }
  return bytes;
}

bool decode_header(std::string_view payload, SpoolHeader& header) {
  ByteReader bytes(payload);
  std::string_view target;
  uint64_t sinks = 0;
  if (!bytes.read_u64(header.epoch.value) || !bytes.read_text(target) ||
      !bytes.read_varint(sinks) || sinks > payload.size()) {
    return false;
  }
  header.target = target;
  for (uint64_t i = 0; i < sinks; ++i) {
    std::string_view name;
    std::string_view definition;
    uint8_t takes_dead_letters = 0;
    if (!bytes.read_text(name) || !bytes.read_text(definition) ||
        !bytes.read_u8(takes_dead_letters)) {
      return false;
    }
    header.sinks.push_back({std::string(name), std::string(definition), takes_dead_letters != 0});
  }
  return bytes.is_empty();
}

}  // namespace

Result<std::unique_ptr<SpoolWriter>> SpoolWriter::create(Filesystem& filesystem,
                                                         const std::string& path,
                                                         const SpoolHeader& header) {
  SLUICE_ASSIGN(auto file, BlockFileWriter::create(filesystem, path, FileKind::spool));
  SLUICE_TRY(file->append(BlockKind::header, encode_header(header)));
  return std::unique_ptr<SpoolWriter>(new SpoolWriter(std::move(file)));
}

Status SpoolWriter::append(uint32_t sink, std::string_view framed, uint64_t operation_count) {
  while (!framed.empty()) {
    // As many whole operations as the block has room for, one at least.
    size_t run = 0;
    uint64_t operations = 0;
    while (run < framed.size()) {
      const std::string_view operation = first_framed(framed.substr(run));
      SLUICE_ASSERT(!operation.empty(), "operations are not framed");
      const size_t filled = block_.size() + run_head_bytes + run;
      if (filled + operation.size() > buffer_bytes && (run > 0 || !block_.empty())) break;
      run += operation.size();
      ++operations;
    }
    if (run == 0) {
      SLUICE_TRY(flush());
      continue;
    }
    SLUICE_TRY(append_run(sink, framed.substr(0, run), operations));
    SLUICE_ASSERT(operations <= operation_count, "more operations than stated");
    operation_count -= operations;
    framed.remove_prefix(run);
  }
  SLUICE_ASSERT(operation_count == 0, "fewer operations than stated");
  return {};
}

Status SpoolWriter::append_run(uint32_t sink, std::string_view framed, uint64_t operations) {
  append_u32(block_, sink);
  append_u32(block_, static_cast<uint32_t>(framed.size()));
  block_.append(framed);
  block_operations_ += operations;
  operations_ += operations;
  bytes_ += framed.size();
  if (block_.size() >= buffer_bytes) return flush();
  return {};
}

Status SpoolWriter::flush() {
  if (block_.empty()) return {};
  SLUICE_TRY(file_->append(BlockKind::entries, block_, block_operations_));
  block_.clear();
  block_operations_ = 0;
  return {};
}

Result<FileSeal> SpoolWriter::close(MarkerPoint after) {
  SLUICE_TRY(flush());
  std::string bytes;
  append_u64(bytes, after.epoch.value);
  append_u64(bytes, after.checksum);
  SLUICE_TRY(file_->append(BlockKind::after, bytes));
  SLUICE_ASSIGN(const FileSeal seal, file_->finish());
  SLUICE_TRY(file_->sync_and_close());
  return seal;
}

Result<std::unique_ptr<SpoolReader>> SpoolReader::open(Filesystem& filesystem,
                                                       const std::string& path) {
  SLUICE_ASSIGN(auto file, BlockFileReader::open(filesystem, path, FileKind::spool));
  std::unique_ptr<SpoolReader> reader(new SpoolReader(std::move(file)));
  SLUICE_TRY(reader->read_header());
  return reader;
}

Status SpoolReader::read_header() {
  SLUICE_ASSIGN(const auto block, file_->next());
  header_ = {};
  if (!block || block->kind != BlockKind::header || !decode_header(block->payload, header_)) {
    return fail_corrupt(file_->path(), "its first block does not describe a spool");
  }
  return {};
}

Status SpoolReader::rewind() {
  block_ = {};
  run_ = {};
  SLUICE_TRY(file_->rewind());
  return read_header();
}

Status SpoolReader::begin_run() {
  ByteReader bytes(block_);
  uint32_t length = 0;
  if (!bytes.read_u32(sink_) || !bytes.read_u32(length) || !bytes.read_bytes(length, run_) ||
      sink_ >= header_.sinks.size()) {
    return fail_corrupt(file_->path(), "a run of operations is malformed");
  }
  block_ = bytes.rest();
  return {};
}

Result<std::optional<OperationReader::Operation>> SpoolReader::next() {
  while (run_.empty()) {
    if (!block_.empty()) {
      SLUICE_TRY(begin_run());
      continue;
    }
    SLUICE_ASSIGN(const auto block, file_->next());
    if (!block) return std::nullopt;
    if (block->kind == BlockKind::entries) block_ = block->payload;
  }
  const std::string_view framed = first_framed(run_);
  if (framed.empty()) return fail_corrupt(file_->path(), "an operation is malformed");
  run_.remove_prefix(framed.size());
  return Operation{sink_, framed.substr(length_bytes)};
}

Result<SpoolSummary> verify_spool(Filesystem& filesystem, const std::string& path,
                                  const FileSeal& seal) {
  SLUICE_ASSIGN(const auto file, BlockFileReader::open(filesystem, path, FileKind::spool));
  SpoolSummary summary;
  bool has_header = false;
  bool has_after = false;
  while (true) {
    SLUICE_ASSIGN(const auto block, file->next());
    if (!block) break;
    ByteReader bytes(block->payload);
    if (block->kind == BlockKind::header) {
      has_header = decode_header(block->payload, summary.header);
    } else if (block->kind == BlockKind::after) {
      has_after =
          bytes.read_u64(summary.after.epoch.value) && bytes.read_u64(summary.after.checksum);
    }
  }
  if (!has_header || !has_after) return fail_corrupt(path, "it lacks its header or its end");
  if (file->seal() != seal) return fail_corrupt(path, "it is not the file its manifest names");
  summary.operations = file->entries();
  return summary;
}

}  // namespace sluice
