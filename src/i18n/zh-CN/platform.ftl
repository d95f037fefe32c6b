# Messages of the room: platform
