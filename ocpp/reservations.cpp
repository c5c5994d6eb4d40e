// SPDX-License-Identifier: Apache-2.0
#include "ocpp/reservations.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {
namespace {

std::string to_body(const Reservation& one) {
    Json body{{"connector", one.connector},
              {"id_tag", one.id_tag},
              {"expiry", encode(one.expiry)},
              {"since", encode(one.since)}};
    if (one.parent_id_tag) body["parent_id_tag"] = *one.parent_id_tag;
    return to_text(body);
}

std::optional<Reservation> from_record(const Record& record) {
    Reservation one;
    const char* end = record.key.data() + record.key.size();
    const bool numbered = std::from_chars(record.key.data(), end, one.id).ptr == end && !record.key.empty();
    const Json body = Json::parse(record.body, nullptr, false);
    if (!numbered || !body.is_object()) return std::nullopt;
    one.connector = field(body, "connector", -1);
    one.id_tag = field(body, "id_tag", std::string());
    one.expiry = field(body, "expiry", UtcTime());
    one.since = field(body, "since", one.expiry);
    if (body.contains("parent_id_tag")) one.parent_id_tag = field(body, "parent_id_tag", std::string());
    const bool whole = one.connector >= 0 && !one.id_tag.empty();
    return whole ? std::optional(std::move(one)) : std::nullopt;
}

/// Accept where `who` may use the reservation.
Admission admission_to(const Reservation& reservation, const Presented& who) {
    if (equals_ignoring_case(reservation.id_tag, who.id_tag)) return Admission::accept;
    if (!reservation.parent_id_tag) return Admission::refuse;
    if (!who.parent_known) return Admission::ask_for_parent;
    const bool family =
        who.parent_id_tag && equals_ignoring_case(*reservation.parent_id_tag, *who.parent_id_tag);
    return family ? Admission::accept : Admission::refuse;
}

std::optional<ChargePointStatus> status_of(ConnectorId connector, const ConnectorStatuses& statuses) {
    const bool exists = connector > 0 && static_cast<std::size_t>(connector) <= statuses.size();
    return exists ? statuses[static_cast<std::size_t>(connector) - 1] : std::nullopt;
}

bool is_out_of_use(const std::optional<ChargePointStatus>& status) {
    return status == ChargePointStatus::Faulted || status == ChargePointStatus::Unavailable;
}

/// Its connector is; of the whole charge point, every one.
bool is_out_of_use(ConnectorId connector, const ConnectorStatuses& statuses) {
    if (connector != 0) return is_out_of_use(status_of(connector, statuses));
    return !statuses.empty() && std::all_of(statuses.begin(), statuses.end(),
                                            [](const auto& status) { return is_out_of_use(status); });
}

bool has(const std::vector<Place>& places, Place place) {
    return std::find(places.begin(), places.end(), place) != places.end();
}

ReservationStatus judge_whole(const std::vector<Place>& places, const WholeChargePoint& whole) {
    if (!whole.supported) return ReservationStatus::Rejected;
    if (whole.reserved) return ReservationStatus::Occupied;
    if (has(places, Place::free)) return ReservationStatus::Accepted;
    if (has(places, Place::occupied) || has(places, Place::reserved)) return ReservationStatus::Occupied;
    return has(places, Place::faulted) ? ReservationStatus::Faulted : ReservationStatus::Unavailable;
}

}  // namespace

Place place_of(const std::optional<ChargePointStatus>& status, bool reserved) {
    if (!status) return Place::unavailable;
    switch (*status) {
        case ChargePointStatus::Available:
        case ChargePointStatus::Reserved:
            return reserved ? Place::reserved : Place::free;
        case ChargePointStatus::Faulted:
            return Place::faulted;
        case ChargePointStatus::Unavailable:
            return Place::unavailable;
        default:
            return Place::occupied;
    }
}

ReservationStatus judge_reservation(ConnectorId target, const std::vector<Place>& places,
                                    const WholeChargePoint& whole) {
    if (target == 0) return judge_whole(places, whole);
    if (target < 0 || static_cast<std::size_t>(target) > places.size()) return ReservationStatus::Rejected;
    switch (places[static_cast<std::size_t>(target) - 1]) {
        case Place::faulted:
            return ReservationStatus::Faulted;
        case Place::unavailable:
            return ReservationStatus::Unavailable;
        case Place::occupied:
        case Place::reserved:
            return ReservationStatus::Occupied;
        case Place::free:
            break;
    }
    const bool is_last = std::count(places.begin(), places.end(), Place::free) == 1;
    return whole.reserved && is_last ? ReservationStatus::Occupied : ReservationStatus::Accepted;
}

Reservations::Reservations(const std::vector<Record>& saved) {
    for (const auto& record : saved) {
        if (record.kind != record_kind) continue;
        if (auto one = from_record(record)) kept_.push_back({std::move(*one), std::nullopt});
    }
}

template <class Predicate>
bool Reservations::end_where(Predicate predicate, std::string_view why, Effects& effects) {
    const auto gone =
        std::stable_partition(kept_.begin(), kept_.end(), [&](const Kept& one) { return !predicate(one); });
    for (auto one = gone; one != kept_.end(); ++one) {
        const std::string id = std::to_string(one->what.id);
        effects.emplace_back(EraseRecord{std::string(record_kind), id});
        effects.emplace_back(Note{LogLevel::info,
                                  "reservation_ended",
                                  "The reservation ended: " + std::string(why) + ".",
                                  {{"reservation", id}}});
    }
    const bool any = gone != kept_.end();
    kept_.erase(gone, kept_.end());
    return any;
}

const Reservation* Reservations::find_by_connector(ConnectorId connector) const {
    const auto found = std::find_if(kept_.begin(), kept_.end(),
                                    [&](const Kept& one) { return one.what.connector == connector; });
    return found == kept_.end() ? nullptr : &found->what;
}

std::vector<Place> Reservations::places(const ConnectorStatuses& statuses, std::optional<int> but_for) const {
    std::vector<Place> places;
    for (std::size_t index = 0; index < statuses.size(); ++index) {
        const Reservation* own = find_by_connector(static_cast<ConnectorId>(index + 1));
        places.push_back(place_of(statuses[index], own != nullptr && own->id != but_for));
    }
    return places;
}

ReservationStatus Reservations::reserve(const ReserveNowReq& request, const ConnectorStatuses& statuses,
                                        bool zero_supported, const Now& now, Effects& effects) {
    const Reservation* whole = find_by_connector(0);
    const auto answer =
        judge_reservation(request.connectorId, places(statuses, request.reservationId),
                          {zero_supported, whole != nullptr && whole->id != request.reservationId});
    if (answer != ReservationStatus::Accepted) return answer;
    if (!now.utc || request.expiryDate <= *now.utc) return ReservationStatus::Rejected;

    Reservation made{request.reservationId, request.connectorId, request.idTag.str(),
                     std::nullopt,          request.expiryDate,  *now.utc};
    if (request.parentIdTag) made.parent_id_tag = request.parentIdTag->str();
    effects.emplace_back(SaveRecord{{std::string(record_kind), std::to_string(made.id), to_body(made)}});
    kept_.erase(std::remove_if(kept_.begin(), kept_.end(),
                               [&](const Kept& one) { return one.what.id == request.reservationId; }),
                kept_.end());
    kept_.push_back({std::move(made), now.steady + (request.expiryDate - *now.utc)});
    return ReservationStatus::Accepted;
}

CancelReservationStatus Reservations::cancel(int id, Effects& effects) {
    const bool any =
        end_where([&](const Kept& one) { return one.what.id == id; }, "it was cancelled", effects);
    return any ? CancelReservationStatus::Accepted : CancelReservationStatus::Rejected;
}

bool Reservations::another_is_free(ConnectorId connector, const ConnectorStatuses& statuses) const {
    auto all = places(statuses, std::nullopt);
    const bool exists = connector > 0 && static_cast<std::size_t>(connector) <= all.size();
    if (exists) all[static_cast<std::size_t>(connector) - 1] = Place::occupied;
    return has(all, Place::free);
}

Admission Reservations::admission(ConnectorId connector, const Presented& who,
                                  const ConnectorStatuses& statuses) const {
    if (const Reservation* own = find_by_connector(connector)) return admission_to(*own, who);
    const Reservation* whole = find_by_connector(0);
    if (whole == nullptr) return Admission::accept;
    const auto to_whole = admission_to(*whole, who);
    // Whoever may turn out to be the holder is asked for even where a stranger could start: the start ends
    // the reservation.
    if (to_whole != Admission::refuse) return to_whole;
    return another_is_free(connector, statuses) ? Admission::accept : Admission::refuse;
}

std::optional<int> Reservations::use(ConnectorId connector, const Presented& who, Effects& effects) {
    for (const ConnectorId place : {connector, 0}) {
        const Reservation* reservation = find_by_connector(place);
        if (reservation == nullptr || admission_to(*reservation, who) != Admission::accept) continue;
        const int id = reservation->id;
        end_where([&](const Kept& one) { return one.what.id == id; }, "it was used", effects);
        return id;
    }
    return std::nullopt;
}

void Reservations::settle(const ConnectorStatuses& statuses, const Now& now, Effects& effects) {
    for (auto& one : kept_) {
        if (now.utc) {
            one.ends_at = now.steady + (one.what.expiry - *now.utc);
        } else if (!one.ends_at) {
            one.ends_at = now.steady + (one.what.expiry - one.what.since);
        }
    }
    end_where([&](const Kept& one) { return now.steady >= *one.ends_at; }, "it expired", effects);
    end_where([&](const Kept& one) { return is_out_of_use(one.what.connector, statuses); },
              "its connector is out of use", effects);
}

bool Reservations::shows_reserved(ConnectorId connector, const ConnectorStatuses& statuses) const {
    if (find_by_connector(connector) != nullptr) return true;
    if (find_by_connector(0) == nullptr) return false;
    const auto status = status_of(connector, statuses);
    const bool may_be_free = !status || place_of(status, false) == Place::free;
    return may_be_free && !another_is_free(connector, statuses);
}

std::optional<SteadyTime> Reservations::next_deadline() const {
    std::optional<SteadyTime> next;
    for (const auto& one : kept_) {
        if (one.ends_at && (!next || *one.ends_at < *next)) next = one.ends_at;
    }
    return next;
}

}  // namespace busbar::ocpp
