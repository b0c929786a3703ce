// PaneAggregate: GROUP BY by windows that are known by a row's time, on slices: an event updates
// one slice; a window merges its slices when it fires, so that the cost does not grow with
// size / slide. What it promises is in operators/window_aggregate.hpp.
#pragma once

#include "operators/window_aggregate.hpp"
#include "operators/windows/window_merger.hpp"

namespace sluice {

using MakeMerger = std::unique_ptr<WindowMerger> (*)(const WindowMergerSettings& settings);

std::shared_ptr<const OperatorDescription> make_pane_aggregate(WindowAggregateSettings settings,
                                                               MakeMerger make_merger);

}  // namespace sluice
