// SPDX-License-Identifier: Apache-2.0
#include "gateway/trial_guest.hpp"

#include <fmt/format.h>

#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>
#include <utility>

#include "adapters/registers.hpp"
#include "gateway/field/trial_json.hpp"
#include "gateway/guest_line.hpp"
#include "gateway/web/problem.hpp"

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;
using nlohmann::json;

constexpr int last_unit = 255;
constexpr int most_connectors = 64;

HttpResponse json_response(std::string body) {
    HttpResponse response;
    response.body = std::move(body);
    return response;
}

/// As it was sent, or one that is known by the id that was sent.
config::Checked<config::Profile> profile_of(const json& wanted, const adapters::ProfileLibrary& known) {
    if (!wanted.is_string()) return config::parse_profile(wanted.dump());
    const auto& id = wanted.get_ref<const std::string&>();
    const auto found = known.find(id);
    if (found != known.end()) return {found->second, {}};
    return {{}, {{"", fmt::format("There is no profile '{}'; GET /api/v1/profiles names all.", id)}}};
}

struct TrialRun {
    TrialRun(const Site::BusView& view, Alive guest, TraceTap tap, Log log)
        : line(view, std::move(tap), std::move(log)), alive(std::move(guest)) {}

    GuestLine line;
    Alive alive;
    std::unique_ptr<adapters::ProfileTrial> trial;
};

/// The body as an object; an empty one counts as {}.
std::optional<json> object_of(const std::string& body) {
    auto parsed = body.empty() ? json::object() : json::parse(body, nullptr, false);
    if (!parsed.is_object()) return std::nullopt;
    return parsed;
}

int unit_of(const json& object) {
    const auto found = object.find("unit_id");
    const bool number = found != object.end() && found->is_number_integer();
    const auto unit = number ? found->get<std::int64_t>() : -1;
    return unit >= 1 && unit <= last_unit ? static_cast<int>(unit) : 0;
}

/// Empty: a value of "units" or "connectors" is not what it should be.
std::optional<adapters::TrialPlace> place_of(const json& object) {
    adapters::TrialPlace place{unit_of(object), {}, {}};
    const auto units = object.value("units", json::object());
    if (!units.is_object()) return std::nullopt;
    for (const auto& [name, unit] : units.items()) {
        if (!unit.is_number_integer() || unit < 0 || unit > last_unit) return std::nullopt;
        place.units[name] = unit.get<int>();
    }
    if (!object.contains("connectors")) return place;
    const auto& connectors = object.at("connectors");
    if (!connectors.is_number_integer() || connectors < 1 || connectors > most_connectors)
        return std::nullopt;
    place.connectors = connectors.get<int>();
    return place;
}

TrialWish refused(HttpResponse why) {
    TrialWish wish;
    wish.refusal = std::move(why);
    return wish;
}

}  // namespace

HttpResponse bus_busy(const std::string& bus) {
    return problem(409, "bus_busy", fmt::format("A scan or a trial is running on bus '{}'.", bus));
}

TrialWish trial_wish(const std::string& body, const adapters::ProfileLibrary& known) {
    const auto asked = object_of(body);
    const auto place = asked ? place_of(*asked) : std::nullopt;
    if (!place || !asked->contains("profile") || place->unit == 0) {
        return refused(problem(
            400, "bad_request",
            R"(The body must be {"profile": {...} or "id", "unit_id": N}, N from 1 to 255; optional are )"
            R"("units": {"name": N} and "connectors": 1 to 64.)"));
    }
    auto profile = profile_of(asked->at("profile"), known);
    if (!profile.ok()) {
        return refused(problem(422, "bad_profile", "The profile has problems.", profile.problems));
    }
    if (const auto checked = adapters::check_units(*place, profile.value); !checked) {
        return refused(problem(422, "unit_missing", checked.error().detail));
    }
    return {std::move(profile.value), *place, {}};
}

Bus::Guest make_trial(const Site::BusView& view, const TrialWish& wish,
                      std::function<void(HttpResponse)> respond, Alive alive,
                      const asio::any_io_executor& main, TraceTap tap, const Log& log) {
    const auto run =
        std::make_shared<TrialRun>(view, std::move(alive), std::move(tap), log.with("bus", view.bus.id()));
    // Who has the answer may ask again: by then the line is free.
    const auto answer = [main, respond = std::move(respond), run](HttpResponse response) {
        asio::post(main, [respond, ended = std::move(run->alive), response = std::move(response)]() mutable {
            ended.reset();
            respond(std::move(response));
        });
    };
    return [run, wish, answer](adapters::Line& shared, SteadyTime now) -> adapters::Next {
        run->line.use(shared);
        const auto line = run->line.at({run->line.settings().bus, wish.profile.protocol});
        auto* registers = line ? (*line)->registers() : nullptr;
        if (registers == nullptr) {
            answer(problem(422, "other_protocol",
                           "A bus of this kind has no registers that this profile could read."));
            return {true, now};
        }
        if (!run->trial) {
            run->trial = std::make_unique<adapters::ProfileTrial>(wish.profile, wish.place, *registers);
        }
        const auto next = run->trial->step(now);
        if (next.done) answer(json_response(to_json({wish.profile.id, wish.place}, run->trial->report(now))));
        return next;
    };
}

}  // namespace busbar::gateway
