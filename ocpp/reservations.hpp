// SPDX-License-Identifier: Apache-2.0
// Which connector is kept for whom (OCPP 1.6 sections 5.1 and 5.13, R43), across a loss of power.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ocpp/effect.hpp"
#include "ocpp/messages.hpp"

namespace busbar::ocpp {

/// The status of connector 1, 2, ... as last derived; empty: the charger has not been heard yet.
using ConnectorStatuses = std::vector<std::optional<ChargePointStatus>>;

/// What a connector is to somebody who wants to reserve it.
enum class Place { free, reserved, occupied, faulted, unavailable };

/// `reserved`: it has a reservation of its own. Available and Reserved are free or reserved, Preparing to
/// Finishing occupied, and one not heard of yet is unavailable: nothing can be promised there.
Place place_of(const std::optional<ChargePointStatus>& status, bool reserved);

/// Reservations of the whole charge point (connectorId 0).
struct WholeChargePoint {
    bool supported = true;  ///< ReserveConnectorZeroSupported
    bool reserved = false;  ///< there is one already: the last free connector is not to be had
};

/// ReserveNow.conf for connector `target`, `places` being those of connector 1, 2, ... For 0: Accepted while
/// one is free, else the most telling of Occupied, Faulted, Unavailable. A target that does not exist:
/// Rejected; the caller has a better answer for it.
ReservationStatus judge_reservation(ConnectorId target, const std::vector<Place>& places,
                                    const WholeChargePoint& whole);

/// Who asks to charge.
struct Presented {
    std::string id_tag;
    std::optional<std::string> parent_id_tag;  ///< as the list, the cache or Authorize.conf told
    bool parent_known = false;                 ///< one of these has told, if only that there is none
};

/// `parent`: what was told of id_tag; `told` false: nothing was.
inline Presented presented(const std::string& id_tag, const std::optional<IdToken>& parent, bool told) {
    return {id_tag, parent ? std::optional(parent->str()) : std::nullopt, told || parent.has_value()};
}
inline Presented presented(const std::string& id_tag, const std::optional<IdToken>& parent) {
    return presented(id_tag, parent, false);
}

/// `ask_for_parent`: the parentIdTag decides and is not known: Authorize, then ask again. Where nobody can be
/// asked, ask again with `parent_known` and no parent: a stranger.
enum class Admission { accept, ask_for_parent, refuse };

struct Reservation {
    int id = 0;
    ConnectorId connector = 0;  ///< 0: any one is kept free
    std::string id_tag;
    std::optional<std::string> parent_id_tag;
    UtcTime expiry;
    UtcTime since;  ///< when it was accepted
};

/// At most one reservation a connector and one of the whole charge point. Decided where the specification is
/// silent:
/// - A request whose expiryDate is not in the future is Rejected, and so is every one while UTC is unknown:
///   nobody could say when such a reservation ends. The state of the connector is judged first, so a broken
///   one is Faulted whatever the date.
/// - A refused request leaves an earlier reservation of its id as it was.
/// - A reservation of a connector is Occupied also where it would take the last free one that a reservation
///   of the whole charge point needs.
/// - While UTC is unknown the last known distance to the expiry counts on; after a restart a reservation
///   lasts no longer than it was made for. None blocks a connector for ever.
class Reservations {
  public:
    static constexpr std::string_view record_kind = "reservation";

    explicit Reservations(const std::vector<Record>& saved);

    /// ReserveNow. A reservation of the same id is replaced, also one on another connector.
    ReservationStatus reserve(const ReserveNowReq& request, const ConnectorStatuses& statuses,
                              bool zero_supported, const Now& now, Effects& effects);

    /// CancelReservation; Rejected: no such reservation.
    CancelReservationStatus cancel(int id, Effects& effects);

    /// Does a reservation stand in the way of a start on `connector`? Says nothing about whether the tag may
    /// charge at all. Tags are compared without case; a parentIdTag only with a parentIdTag (R42).
    [[nodiscard]] Admission admission(ConnectorId connector, const Presented& who,
                                      const ConnectorStatuses& statuses) const;

    /// A transaction starts on `connector`: ends the reservation it uses, the connector's own before that of
    /// the whole charge point, and gives the reservationId for StartTransaction.
    std::optional<int> use(ConnectorId connector, const Presented& who, Effects& effects);

    /// Ends what is over: expired, on a connector that is Faulted or Unavailable, or of the whole charge
    /// point when every connector is. Call after every event.
    void settle(const ConnectorStatuses& statuses, const Now& now, Effects& effects);

    /// Whether Available is told as Reserved. A reservation of the whole charge point reserves no specific
    /// connector (section 5.13): it shows only where no other connector is left for it and strangers are
    /// refused, so always where there is only one. Connector 0 itself is never Reserved (section 4.9).
    [[nodiscard]] bool shows_reserved(ConnectorId connector, const ConnectorStatuses& statuses) const;

    /// The next expiry, as of the last settle().
    [[nodiscard]] std::optional<SteadyTime> next_deadline() const;

    /// For status pages; empty: none.
    [[nodiscard]] const Reservation* find_by_connector(ConnectorId connector) const;

  private:
    struct Kept {
        Reservation what;
        std::optional<SteadyTime> ends_at;
    };

    [[nodiscard]] std::vector<Place> places(const ConnectorStatuses& statuses,
                                            std::optional<int> but_for) const;
    /// A connector but `connector` is free and nobody's.
    [[nodiscard]] bool another_is_free(ConnectorId connector, const ConnectorStatuses& statuses) const;
    template <class Predicate>
    bool end_where(Predicate predicate, std::string_view why, Effects& effects);

    std::vector<Kept> kept_;
};

}  // namespace busbar::ocpp
