// A pipeline in a few lines of text, for tests of plans. One declaration a line, SQL indented below
// its step:
//
//   source ods_order topic=a event_time=ts out_of_order=30s changes=insert key=id dedup: id text, …
//   lookup dim_province key=id: name text
//   step dws_status late=10m every=5s ttl=26h
//     SELECT …
//   check amount >= 0
//   whole rows
//   sink ads_status from=dws_status mode=upsert key=order_status
#pragma once

#include <string>

#include "plan/plan_request.hpp"

namespace sluice {

PlanRequest read_plan_case(const std::string& text, const FunctionRegistry& functions);

}  // namespace sluice
