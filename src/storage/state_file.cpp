#include "storage/state_file.hpp"

#include <unordered_map>

#include "base/assert.hpp"
#include "storage/encoding.hpp"
#include "storage/state_entries.hpp"

namespace sluice {

namespace {

struct MarkedEntry {
  StateMark mark;
  std::string_view state_id;
  StateEntry entry;
};
using EntryVisitor = std::function<Status(const MarkedEntry&)>;

bool read_entry(ByteReader& bytes, MarkedEntry& out) {
  uint64_t group = 0;
  if (!bytes.read_u8(out.entry.table) || !bytes.read_varint(group) || group >= key_group_count ||
      !bytes.read_text(out.entry.key)) {
    return false;
  }
  out.entry.group = KeyGroup(static_cast<uint16_t>(group));
  out.entry.value = {};
  return out.mark == StateMark::remove || bytes.read_text(out.entry.value);
}

Status visit_block(const std::string& path, std::string_view payload, const EntryVisitor& visit) {
  ByteReader bytes(payload);
  MarkedEntry entry;
  while (!bytes.is_empty()) {
    uint8_t mark = 0;
    bytes.read_u8(mark);
    entry.mark = static_cast<StateMark>(mark);
    bool is_sound = false;
    switch (entry.mark) {
      case StateMark::node:
        is_sound = bytes.read_text(entry.state_id) && !entry.state_id.empty();
        break;
      case StateMark::put:
      case StateMark::remove:
        is_sound = !entry.state_id.empty() && read_entry(bytes, entry);
        break;
    }
    if (!is_sound) return fail_corrupt(path, "a state entry is malformed");
    if (entry.mark != StateMark::node) SLUICE_TRY(visit(entry));
  }
  return {};
}

Status visit_file(Filesystem& filesystem, const std::string& path, const EntryVisitor& visit) {
  SLUICE_ASSIGN(const auto reader, BlockFileReader::open(filesystem, path, FileKind::state));
  while (true) {
    SLUICE_ASSIGN(const auto block, reader->next());
    if (!block) return {};
    if (block->kind == BlockKind::entries) SLUICE_TRY(visit_block(path, block->payload, visit));
  }
}

// Of a node of the hash table, beside the key's bytes.
constexpr uint64_t index_entry_bytes = sizeof(std::string) + 6 * sizeof(uint64_t);

// The position, counted over all deltas, at which each of their keys stands last.
class DeltaIndex {
 public:
  explicit DeltaIndex(MemoryPool& memory) : memory_(memory, "the index of saved changes") {}

  Status note(std::string identity, uint64_t position) {
    const uint64_t bytes = memory_.bytes() + identity.size() + index_entry_bytes;
    const auto [entry, is_new] = last_position_.insert_or_assign(std::move(identity), position);
    return is_new ? memory_.resize(bytes) : Status{};
  }
  std::optional<uint64_t> find(const std::string& identity) const {
    const auto found = last_position_.find(identity);
    return found == last_position_.end() ? std::nullopt : std::optional(found->second);
  }
  bool empty() const { return last_position_.empty(); }

 private:
  std::unordered_map<std::string, uint64_t> last_position_;
  Reservation memory_;
};

std::string identity_of(const MarkedEntry& entry) {
  std::string identity;
  append_text(identity, entry.state_id);
  identity.push_back(static_cast<char>(entry.entry.table));
  append_u16(identity, entry.entry.group.value);
  identity.append(entry.entry.key);
  return identity;
}

}  // namespace

Result<WrittenStateFile> write_state_file(Filesystem& filesystem, const std::string& path,
                                          Epoch epoch,
                                          const std::vector<const StateBuffer*>& buffers) {
  SLUICE_ASSERT(!buffers.empty(), "a state file has at least one part");
  WrittenStateFile file;
  SLUICE_ASSIGN(file.writer, BlockFileWriter::create(filesystem, path, FileKind::state));
  std::string header;
  append_u64(header, epoch.value);
  header.push_back(static_cast<char>(buffers.front()->kind()));
  SLUICE_TRY(file.writer->append(BlockKind::header, header));
  for (const StateBuffer* buffer : buffers) {
    SLUICE_ASSERT(buffer->kind() == buffers.front()->kind(), "parts of different kinds");
    // The trailer's count is of entries: a buffer's all stand with its first block.
    uint64_t entries = buffer->entries();
    for (const std::string& block : buffer->blocks()) {
      SLUICE_TRY(file.writer->append(BlockKind::entries, block, entries));
      entries = 0;
    }
  }
  SLUICE_ASSIGN(file.seal, file.writer->finish());
  return file;
}

Status read_merged_state(Filesystem& filesystem, MemoryPool& memory,
                         const std::vector<std::string>& paths, const StateVisitor& visit) {
  DeltaIndex index(memory);
  uint64_t position = 0;
  for (size_t i = 1; i < paths.size(); ++i) {
    SLUICE_TRY(visit_file(filesystem, paths[i], [&](const MarkedEntry& entry) {
      Status noted = index.note(identity_of(entry), position++);
      if (!noted) noted.error().message += "; it has come to " + std::string(entry.state_id);
      return noted;
    }));
  }
  position = 0;
  for (size_t i = 0; i < paths.size(); ++i) {
    SLUICE_TRY(visit_file(filesystem, paths[i], [&](const MarkedEntry& entry) -> Status {
      const uint64_t here = position;
      if (i > 0) ++position;
      if (!index.empty()) {
        const auto last = index.find(identity_of(entry));
        if (last && (i == 0 || *last != here)) return {};
      }
      if (entry.mark == StateMark::remove) return {};
      return visit(entry.state_id, entry.entry);
    }));
  }
  return {};
}

}  // namespace sluice
