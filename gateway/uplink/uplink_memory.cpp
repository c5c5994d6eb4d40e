// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/uplink_memory.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "gateway/atomic_file.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr seconds between_saves{600};

/// The member, or a default where it is missing or of another type.
template <class T>
T member(const Json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end()) return {};
    try {
        return found->get<T>();
    } catch (const Json::exception&) {
        return {};
    }
}

UplinkMemory::OfUplink from_json(const Json& json) {
    return {member<std::vector<std::string>>(json, "addresses"),
            MonthlyBytes({member<std::string>(json, "month"), member<std::uint64_t>(json, "bytes"),
                          member<std::string>(json, "boot_id"), member<std::uint64_t>(json, "counter"),
                          member<int>(json, "told_percent")})};
}

Json to_json(const UplinkMemory::OfUplink& one) {
    const auto& traffic = one.traffic.kept();
    return {{"addresses", one.addresses}, {"month", traffic.month},
            {"bytes", traffic.bytes},     {"boot_id", traffic.boot_id},
            {"counter", traffic.counter}, {"told_percent", traffic.told_percent}};
}

}  // namespace

UplinkMemory::UplinkMemory(std::string file, Log log)
    : file_(std::move(file)), log_(std::move(log)), saved_at_(steady_now()) {
    load();
}

void UplinkMemory::load() {
    const auto json = Json::parse(file_content(file_), nullptr, false);
    if (!json.is_object() || !json.contains("uplinks") || !json["uplinks"].is_object()) return;
    host_ = member<std::string>(json, "host");
    preferred_ = member<std::string>(json, "preferred");
    for (const auto& [id, one] : json["uplinks"].items()) {
        if (one.is_object()) uplinks_[id] = from_json(one);
    }
}

void UplinkMemory::set_host(const std::string& host) {
    if (std::exchange(host_, host) == host) return;
    for (auto& [id, one] : uplinks_) one.addresses.clear();
}

void UplinkMemory::prefer(const std::string& uplink) {
    if (std::exchange(preferred_, uplink) != uplink) save();
}

void UplinkMemory::keep_addresses(const std::string& uplink, std::vector<std::string> addresses) {
    auto& kept = of(uplink).addresses;
    const bool had_none = kept.empty();
    kept = std::move(addresses);
    // A load balancer changes its addresses all day: old ones are good enough until the next save.
    if (had_none && !kept.empty()) save();
}

void UplinkMemory::save_if_due() {
    if (steady_now() - saved_at_ >= between_saves) save();
}

void UplinkMemory::save() {
    saved_at_ = steady_now();
    Json json{{"host", host_}, {"preferred", preferred_}, {"uplinks", Json::object()}};
    for (const auto& [id, one] : uplinks_) json["uplinks"][id] = to_json(one);
    const auto text = json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
    if (const auto saved = replace_file(file_, text, Durable::yes); !saved)
        log_.warning("uplinks_not_written", saved.error().detail);
}

}  // namespace busbar::gateway
