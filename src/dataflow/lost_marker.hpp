// The way out when a target that was written has no marker any more: it came back empty, or
// somebody deleted the marker. Nothing says then what the target still holds.
#pragma once

namespace sluice {

inline constexpr const char* lost_marker_advice =
    "bring its data back, marker and all; or run the pipeline under another --namespace: it reads "
    "its sources from their start and writes everything again, over the rows of upserts and beside "
    "those of mode append, whose targets must be emptied before";

}  // namespace sluice
