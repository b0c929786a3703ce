#include "checkpoint/reject_letters.hpp"

#include "base/assert.hpp"
#include "base/base64.hpp"

namespace sluice {

Result<uint64_t> FileRejectLog::replace(const std::vector<Reject>& rejects) {
  checksum_ = 0;
  std::vector<StoredReject> stored;
  for (const Reject& reject : rejects) {
    SLUICE_ASSERT(reject.sink < sinks_.size(), "a reject of a sink that the spool does not have");
    const SpoolSink& sink = sinks_[reject.sink];
    if (sink.takes_dead_letters) {
      return fail(ErrorCode::sink_rejected, "the target of the dead letters, sink " + sink.name +
                                                ", refuses one: " + reject.error.message);
    }
    stored.push_back({reject.operation, sink.name, reject.bytes, reject.row, reject.error});
  }
  if (stored.empty()) return 0;
  SLUICE_ASSIGN(checksum_, replace_rejects(filesystem_, path_, epoch_, stored));
  return checksum_;
}

DeadLetter letter_of(const StoredReject& reject) {
  DeadLetter letter;
  letter.step = reject.sink;
  letter.error = reject.error;
  if (reject.row.empty()) {
    letter.payload_base64 = to_base64(reject.bytes);
  } else {
    letter.row = reject.row;
  }
  return letter;
}

Result<std::vector<DeadLetter>> settle_rejects(Filesystem& filesystem, const std::string& path,
                                               uint64_t checksum) {
  std::vector<DeadLetter> letters;
  if (checksum == 0) {
    if (!filesystem.exists(path)) return letters;
    SLUICE_TRY(filesystem.remove(path));
    // Once a later epoch is published, a file that came back would be taken for what this one left
    // out.
    SLUICE_TRY(filesystem.sync_directory(path.substr(0, path.rfind('/'))));
    return letters;
  }
  SLUICE_ASSIGN(const auto rejects, read_rejects(filesystem, path, checksum));
  for (const StoredReject& reject : rejects) letters.push_back(letter_of(reject));
  return letters;
}

}  // namespace sluice
