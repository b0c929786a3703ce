// State files: what all tasks handed over at one barrier, full or as a delta on the file before.
// Written by the coordinating thread in C3; read at start. Pure functions over the Filesystem;
// errors as in storage/block_file.hpp.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "memory/memory_pool.hpp"
#include "storage/block_file.hpp"
#include "storage/state_buffer.hpp"

namespace sluice {

// A written file whose bytes are not durable yet: sync_and_close() comes next.
struct WrittenStateFile {
  std::unique_ptr<BlockFileWriter> writer;
  FileSeal seal;
};

// The buffers are finished and of one kind.
Result<WrittenStateFile> write_state_file(Filesystem& filesystem, const std::string& path,
                                          Epoch epoch,
                                          const std::vector<const StateBuffer*>& buffers);

using StateVisitor = std::function<Status(std::string_view state_id, const StateEntry& entry)>;

// Visits what a full file and the deltas after it, in order, amount to: each live entry once, in
// the order of the files. Holds the keys of the deltas in memory, which are charged to `memory`
// meanwhile, never values or the full file. An Error of `visit` ends the reading.
Status read_merged_state(Filesystem& filesystem, MemoryPool& memory,
                         const std::vector<std::string>& paths, const StateVisitor& visit);

}  // namespace sluice
