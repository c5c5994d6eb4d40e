// SPDX-License-Identifier: Apache-2.0
// The guest works on the bus's thread and posts copies of what it knows to the loop.
#include "gateway/scan_job.hpp"

#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>
#include <utility>

#include "gateway/field/scan_json.hpp"
#include "gateway/guest_line.hpp"

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;
using nlohmann::json;

constexpr milliseconds between_reports{200};
constexpr int last_unit = 255;

struct ScanRun {
    ScanRun(const Site::BusView& view, std::shared_ptr<const adapters::ProfileLibrary> profiles,
            adapters::ScanOptions options, TraceTap tap, Log log)
        : line(view, std::move(tap), std::move(log)),
          scan(view.settings, std::move(profiles), std::move(options),
               [this](const adapters::ScanSetting& setting) { return line.at(setting); }) {}

    GuestLine line;
    adapters::Scan scan;
    SteadyTime told{};
    std::size_t told_found = 0;
};

bool flag(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_boolean() && found->get<bool>();
}

/// A list of unit ids; what is none is left out.
std::set<int> unit_ids_of(const json& object) {
    std::set<int> units;
    const auto found = object.find("unit_ids");
    if (found == object.end() || !found->is_array()) return units;
    for (const auto& unit : *found) {
        if (unit.is_number_integer() && unit >= 1 && unit <= last_unit) units.insert(unit.get<int>());
    }
    return units;
}

}  // namespace

void ScanJob::stop() {
    if (over) return;
    over = true;
    findings.end = adapters::ScanEnd::stopped;
    findings.phase = adapters::ScanPhase::ended;
}

std::optional<adapters::ScanOptions> scan_options(const std::string& body, const std::set<int>& in_service) {
    const auto wishes = body.empty() ? json::object() : json::parse(body, nullptr, false);
    if (!wishes.is_object()) return std::nullopt;
    return adapters::ScanOptions{{!in_service.empty(), in_service, unit_ids_of(wishes)},
                                 flag(wishes, "anyway"),
                                 flag(wishes, "thorough"),
                                 flag(wishes, "first")};
}

Bus::Guest make_scan(const Site::BusView& view, adapters::ScanOptions options,
                     const std::shared_ptr<ScanJob>& job, Alive alive, asio::any_io_executor main,
                     TraceTap tap, const Log& log) {
    const auto run = std::make_shared<ScanRun>(view, job->profiles, std::move(options), std::move(tap),
                                               log.with("bus", view.bus.id()));
    return [run, main = std::move(main), weak = std::weak_ptr(job), alive = std::move(alive)](
               adapters::Line& shared, SteadyTime now) {
        run->line.use(shared);
        const auto next = run->scan.step(now);
        const auto& findings = run->scan.findings();
        const bool news = next.done || findings.found.size() != run->told_found;
        if (!news && now - run->told < between_reports) return next;
        run->told = now;
        run->told_found = findings.found.size();
        asio::post(main, [weak, findings, alive] {
            const auto told = weak.lock();
            if (!told || told->over) return;
            told->findings = findings;
            told->over = findings.end != adapters::ScanEnd::none;
        });
        return next;
    };
}

HttpResponse scan_report(const std::string& bus, ScanJob* job, int status) {
    HttpResponse response;
    response.status = status;
    if (job == nullptr) {
        response.body = json{{"bus", bus}, {"state", "none"}}.dump();
        return response;
    }
    if (job->guest.expired()) job->stop();  // the bus was made anew
    response.body = to_json(bus, job->findings, *job->profiles);
    return response;
}

}  // namespace busbar::gateway
