# Messages of the room: apply
